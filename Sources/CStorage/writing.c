// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CStorage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

// Opens one clean component below `folder`, following nothing. Where openat2 is missing or
// forbidden, O_NOFOLLOW is as strong on a single component.
static int open_below(int folder, const char *name, int flags, unsigned mode) {
  struct open_how how;
  memset(&how, 0, sizeof how);
  how.flags = (uint64_t)(flags | O_CLOEXEC);
  how.mode = mode;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  long result;
  do result = syscall(SYS_openat2, folder, name, &how, sizeof how);
  while (result < 0 && (errno == EINTR || errno == EAGAIN));
  if (result < 0 && (errno == ENOSYS || errno == EPERM)) {
    do result = openat(folder, name, flags | O_CLOEXEC | O_NOFOLLOW, mode);
    while (result < 0 && errno == EINTR);
  }
  return result < 0 ? -errno : (int)result;
}

int cs_open_folder(const char *path) {
  int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return descriptor < 0 ? -errno : descriptor;
}

int cs_make_folder_at(int folder, const char *name) {
  return mkdirat(folder, name, 0777) == 0 ? 0 : -errno;
}

int cs_open_folder_at(int folder, const char *name) {
  return open_below(folder, name, O_RDONLY | O_DIRECTORY, 0);
}

int cs_create_at(int folder, const char *name) {
  return open_below(folder, name, O_WRONLY | O_CREAT | O_EXCL, 0666);
}

int cs_rename_at(int folder, const char *from, const char *to) {
  if (syscall(SYS_renameat2, folder, from, folder, to, RENAME_NOREPLACE) == 0) return 0;
  if (errno != EINVAL && errno != ENOSYS && errno != EPERM) return -errno;
  // A file system without that flag: a link never replaces anything either.
  if (linkat(folder, from, folder, to, 0) == 0) {
    unlinkat(folder, from, 0);
    return 0;
  }
  if (errno == EEXIST) return -EEXIST;
  struct stat there;  // nor links, as FAT: look first
  if (fstatat(folder, to, &there, AT_SYMLINK_NOFOLLOW) == 0) return -EEXIST;
  return renameat(folder, from, folder, to) == 0 ? 0 : -errno;
}

int cs_unlink_at(int folder, const char *name) {
  return unlinkat(folder, name, 0) == 0 ? 0 : -errno;
}

int64_t cs_write(int descriptor, const void *bytes, size_t count) {
  ssize_t put;
  do put = write(descriptor, bytes, count);
  while (put < 0 && errno == EINTR);
  return put < 0 ? -errno : put;
}

int cs_skip(int descriptor, uint64_t count) {
  if (count > INT64_MAX) return -EFBIG;
  if (lseek(descriptor, (off_t)count, SEEK_CUR) >= 0) return 0;
  return errno == EINVAL || errno == EOVERFLOW ? -EFBIG : -errno;
}

int cs_set_length(int descriptor, uint64_t length) {
  if (length > INT64_MAX) return -EFBIG;
  return ftruncate(descriptor, (off_t)length) == 0 ? 0 : -errno;
}

static struct timespec moment(int known, int64_t nanoseconds) {
  struct timespec time = {0, UTIME_OMIT};
  if (!known) return time;
  time.tv_sec = nanoseconds / 1000000000;
  time.tv_nsec = nanoseconds % 1000000000;
  if (time.tv_nsec < 0) {
    time.tv_nsec += 1000000000;
    time.tv_sec -= 1;
  }
  return time;
}

int cs_set_times(int descriptor, int has_accessed, int64_t accessed, int has_modified,
                 int64_t modified) {
  struct timespec times[2] = {moment(has_accessed, accessed), moment(has_modified, modified)};
  return futimens(descriptor, times) == 0 ? 0 : -errno;
}

int cs_finish(int descriptor) {
  // close must not be repeated on EINTR: the descriptor is gone either way.
  return close(descriptor) == 0 || errno == EINTR ? 0 : -errno;
}

int cs_sync_all(int folder) { return syncfs(folder) == 0 ? 0 : -errno; }

int cs_space_of(int folder, cs_space *space) {
  struct statvfs found;
  if (fstatvfs(folder, &found) != 0) return -errno;
  uint64_t unit = found.f_frsize ? found.f_frsize : found.f_bsize;
  space->unit = unit;
  if (__builtin_mul_overflow((uint64_t)found.f_bavail, unit, &space->available))
    space->available = UINT64_MAX;
  if (__builtin_mul_overflow((uint64_t)found.f_blocks, unit, &space->total))
    space->total = UINT64_MAX;
  return 0;
}

int cs_open_image(const char *path, int create) {
  int flags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | (create ? O_CREAT | O_EXCL : 0);
  int descriptor = open(path, flags, 0666);
  return descriptor < 0 ? -errno : descriptor;
}

void cs_allow_files(uint64_t count) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= count) return;
  limit.rlim_cur = limit.rlim_max < count ? limit.rlim_max : count;
  setrlimit(RLIMIT_NOFILE, &limit);
}

int cs_sync_data(int descriptor) { return fdatasync(descriptor) == 0 ? 0 : -errno; }

int cs_lock(int descriptor) { return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : -errno; }

int cs_open_for_appending(const char *path) {
  int descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
  return descriptor < 0 ? -errno : descriptor;
}

int cs_memory_file(const char *name, uint64_t length) {
  int descriptor = memfd_create(name, MFD_CLOEXEC);
  if (descriptor < 0) return -errno;
  int result = cs_set_length(descriptor, length);
  if (result == 0) return descriptor;
  close(descriptor);
  return result;
}

int64_t cs_write_at(int descriptor, const void *bytes, size_t count, uint64_t offset) {
  if (offset > INT64_MAX) return -EINVAL;
  ssize_t put;
  do put = pwrite(descriptor, bytes, count, (off_t)offset);
  while (put < 0 && errno == EINTR);
  return put < 0 ? -errno : put;
}
