// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CStorage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/loop.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static cs_kind kind_of(uint32_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG: return CS_FILE;
    case S_IFDIR: return CS_FOLDER;
    case S_IFBLK: return CS_BLOCK_DEVICE;
    case S_IFCHR: return CS_CHARACTER_DEVICE;
    case S_IFIFO: return CS_FIFO;
    case S_IFSOCK: return CS_SOCKET;
    case S_IFLNK: return CS_LINK;
    default: return CS_OTHER;
  }
}

const char *cs_error_words(int code) {
  const char *words = strerrordesc_np(code);
  return words ? words : "unknown error";
}

static int status_at(int folder, const char *path, int flags, cs_status *status) {
  struct stat plain;
  if (fstatat(folder, path, &plain, flags) != 0) return -errno;
  memset(status, 0, sizeof *status);
  status->kind = kind_of(plain.st_mode);
  status->size = plain.st_size > 0 ? (uint64_t)plain.st_size : 0;
  status->device = plain.st_dev;
  status->number = plain.st_rdev;
  status->inode = plain.st_ino;
#ifdef STATX_MNT_ID
  struct statx more;
  if (statx(folder, path, flags, STATX_MNT_ID, &more) == 0 && (more.stx_mask & STATX_MNT_ID))
    status->mount = more.stx_mnt_id;
#endif
  return 0;
}

int cs_status_of_path(const char *path, cs_status *status) {
  return status_at(AT_FDCWD, path, 0, status);
}

int cs_status_of_descriptor(int descriptor, cs_status *status) {
  return status_at(descriptor, "", AT_EMPTY_PATH, status);
}

int cs_status_at(int folder, const char *name, cs_status *status) {
  return status_at(folder, name, AT_SYMLINK_NOFOLLOW, status);
}

uint64_t cs_device_number(uint32_t major, uint32_t minor) { return makedev(major, minor); }
uint32_t cs_device_major(uint64_t number) { return major(number); }
uint32_t cs_device_minor(uint64_t number) { return minor(number); }

int cs_loop_backing(const char *device, uint64_t *on_device, uint64_t *inode) {
  int descriptor = open(device, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return -errno;
  struct loop_info64 info;
  memset(&info, 0, sizeof info);
  int result = ioctl(descriptor, LOOP_GET_STATUS64, &info) == 0 ? 0 : -errno;
  close(descriptor);
  *on_device = info.lo_device;
  *inode = info.lo_inode;
  return result;
}

int cs_open_source(const char *path) {
  // Without O_NONBLOCK a fifo that took the path's place meanwhile would hang us.
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  return descriptor < 0 ? -errno : descriptor;
}

int cs_reopen_direct(int descriptor) {
  // The same file, even if its path names another one by now.
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  int direct = open(path, O_RDONLY | O_CLOEXEC | O_DIRECT);
  return direct < 0 ? -errno : direct;
}

int cs_block_device_of(int descriptor, cs_block_device *device) {
  int logical = 0;
  unsigned int physical = 0;
  uint64_t size = 0;
  if (ioctl(descriptor, BLKGETSIZE64, &size) != 0) return -errno;
  if (ioctl(descriptor, BLKSSZGET, &logical) != 0 || logical < 512) logical = 512;
  if (ioctl(descriptor, BLKPBSZGET, &physical) != 0 || physical < (unsigned)logical)
    physical = (unsigned)logical;
  device->size = size;
  device->logical_sector = (uint32_t)logical;
  device->physical_sector = physical;
  return 0;
}

int64_t cs_read_at(int descriptor, void *target, size_t count, uint64_t offset) {
  if (offset > INT64_MAX) return -EINVAL;
  ssize_t got;
  do got = pread(descriptor, target, count, (off_t)offset);
  while (got < 0 && errno == EINTR);
  return got < 0 ? -errno : got;
}

int64_t cs_next_data(int descriptor, uint64_t offset) {
  if (offset > INT64_MAX) return -EINVAL;
  off_t next = lseek(descriptor, (off_t)offset, SEEK_DATA);
  if (next >= 0) return next;
  if (errno != ENXIO) return -errno;
  struct stat status;
  return fstat(descriptor, &status) == 0 ? status.st_size : -errno;
}

void cs_close(int descriptor) {
  if (descriptor >= 0) close(descriptor);
}

int cs_is_read_only(const char *path) {
  int descriptor = cs_open_source(path);
  if (descriptor < 0) return descriptor;
  int flag = 0;
  int result = ioctl(descriptor, BLKROGET, &flag) == 0 ? flag != 0 : -errno;
  close(descriptor);
  return result;
}

int cs_set_read_only(const char *path) {
  int descriptor = cs_open_source(path);
  if (descriptor < 0) return descriptor;
  int flag = 1;
  int result = ioctl(descriptor, BLKROSET, &flag) == 0 ? 0 : -errno;
  close(descriptor);
  return result;
}
