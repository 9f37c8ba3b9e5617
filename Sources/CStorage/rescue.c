// SPDX-License-Identifier: Apache-2.0
//
// Reading in a child process. A read that hangs in the kernel cannot be taken back, but the process
// that waits for it can be left behind. The child is a fork that runs this file's code alone, which
// calls nothing but the kernel: no lock and no memory of the parent's other threads is touched.
#define _GNU_SOURCE
#include "CStorage.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <scsi/sg.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int cs_open_for_rescue(const char *path, int is_block_device, int exclusive) {
  int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  if (is_block_device) flags |= O_DIRECT | (exclusive ? O_EXCL : 0);
  int descriptor = open(path, flags);
  return descriptor < 0 ? -errno : descriptor;
}

void cs_expect_random(int descriptor) { posix_fadvise(descriptor, 0, 0, POSIX_FADV_RANDOM); }

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

// For how many nanoseconds this process had something to do and no processor; 0 where the kernel does
// not say (proc(5), /proc/PID/schedstat: time on a processor, time waited for one, slices).
static uint64_t waited(int schedstat) {
  char text[80];
  ssize_t count = pread(schedstat, text, sizeof text, 0), at = 0;
  uint64_t result = 0;
  while (at < count && text[at] != ' ') at++;
  for (at++; at < count && text[at] >= '0' && text[at] <= '9'; at++)
    result = result * 10 + (uint64_t)(text[at] - '0');
  return result;
}

int cs_sector_of_sense(const uint8_t *sense, size_t count, uint64_t *sector) {
  // SPC-4 4.5: fixed format (0x70), then descriptor format (0x72).
  if (count < 8) return 0;
  uint8_t code = sense[0] & 0x7f;
  if (code == 0x70) {
    if (!(sense[0] & 0x80)) return 0;
    *sector = (uint64_t)sense[3] << 24 | (uint64_t)sense[4] << 16 | (uint64_t)sense[5] << 8 | sense[6];
    return 1;
  }
  if (code != 0x72) return 0;
  size_t end = 8u + sense[7] < count ? 8u + sense[7] : count;
  for (size_t at = 8; at + 2 <= end; at += 2u + sense[at + 1]) {
    if (sense[at] != 0 || sense[at + 1] != 10 || at + 12 > end || !(sense[at + 2] & 0x80)) continue;
    *sector = 0;
    for (size_t i = 4; i < 12; i++) *sector = *sector << 8 | sense[at + i];
    return 1;
  }
  return 0;
}

// READ (16), SBC-3 5.15: no retries by the kernel, and the device says which sector failed.
static void read_by_command(int descriptor, const cs_request *request, uint8_t *target,
                            cs_reply *reply) {
  uint64_t sector = request->offset / request->sector;
  uint32_t count = request->length / request->sector;
  uint8_t command[16] = {0x88};
  for (int i = 0; i < 8; i++) command[2 + i] = (uint8_t)(sector >> (56 - 8 * i));
  for (int i = 0; i < 4; i++) command[10 + i] = (uint8_t)(count >> (24 - 8 * i));
  uint8_t sense[64] = {0};
  struct sg_io_hdr header;
  memset(&header, 0, sizeof header);
  header.interface_id = 'S';
  header.dxfer_direction = SG_DXFER_FROM_DEV;
  header.cmd_len = sizeof command;
  header.cmdp = command;
  header.mx_sb_len = sizeof sense;
  header.sbp = sense;
  header.dxfer_len = request->length;
  header.dxferp = target;
  header.timeout = request->milliseconds;
  if (ioctl(descriptor, SG_IO, &header) != 0) {
    reply->result = -errno;
    return;
  }
  if ((header.info & SG_INFO_OK_MASK) == SG_INFO_OK && header.resid == 0) {
    reply->result = request->length;
    return;
  }
  reply->result = -EIO;
  uint64_t bad = 0;
  if (cs_sector_of_sense(sense, header.sb_len_wr, &bad) && bad >= sector && bad < sector + count) {
    reply->names_sector = 1;
    reply->bad_sector = bad;
  }
}

static void serve(int descriptor, int socket, uint8_t *ring, size_t ring_size) {
  int schedstat = open("/proc/self/schedstat", O_RDONLY | O_CLOEXEC);
  for (;;) {
    cs_request request;
    ssize_t got = recv(socket, &request, sizeof request, 0);
    if (got < 0 && errno == EINTR) continue;
    if (got != sizeof request) return;
    cs_reply reply;
    memset(&reply, 0, sizeof reply);
    uint64_t idle = waited(schedstat), began = now();
    if (request.place > ring_size || request.length > ring_size - request.place) {
      reply.result = -EINVAL;
    } else if (request.sector) {
      read_by_command(descriptor, &request, ring + request.place, &reply);
    } else {
      reply.result = cs_read_at(descriptor, ring + request.place, request.length, request.offset);
    }
    // That others had the processor is no slowness of the disk's.
    uint64_t took = now() - began;
    idle = waited(schedstat) - idle;
    reply.nanoseconds = took > idle ? took - idle : 0;
    if (send(socket, &reply, sizeof reply, MSG_NOSIGNAL) != sizeof reply) return;
  }
}

static void close_others(int one, int other) {
  unsigned low = (unsigned)(one < other ? one : other), high = (unsigned)(one < other ? other : one);
  if (low > 0) syscall(SYS_close_range, 0u, low - 1, 0u);
  if (high > low + 1) syscall(SYS_close_range, low + 1, high - 1, 0u);
  syscall(SYS_close_range, high + 1, ~0u, 0u);
}

int cs_reader_start(cs_reader *reader, int descriptor, size_t ring_size) {
  int ends[2];
  void *ring = mmap(NULL, ring_size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (ring == MAP_FAILED) return -errno;
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    int error = errno;
    munmap(ring, ring_size);
    return -error;
  }
  pid_t child = fork();
  if (child == 0) {
    // An interruption is the parent's to deal with; the child ends when its socket does.
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGUSR1, SIG_IGN);
    close_others(descriptor, ends[1]);
    serve(descriptor, ends[1], ring, ring_size);
    _exit(0);
  }
  int error = errno;
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    munmap(ring, ring_size);
    return -error;
  }
  reader->pid = child;
  reader->socket = ends[0];
  reader->ring = ring;
  reader->ring_size = ring_size;
  return 0;
}

int cs_reader_ask(const cs_reader *reader, const cs_request *request) {
  ssize_t put;
  do put = send(reader->socket, request, sizeof *request, MSG_NOSIGNAL);
  while (put < 0 && errno == EINTR);
  return put == sizeof *request ? 0 : put < 0 ? -errno : -EIO;
}

int cs_reader_wait(const cs_reader *reader, int milliseconds, cs_reply *reply) {
  struct pollfd poll_for = {reader->socket, POLLIN, 0};
  int ready = poll(&poll_for, 1, milliseconds);
  if (ready == 0) return -ETIMEDOUT;
  if (ready < 0) return errno == EINTR ? -ETIMEDOUT : -errno;
  ssize_t got = recv(reader->socket, reply, sizeof *reply, 0);
  return got == sizeof *reply ? 0 : got < 0 ? -errno : -EPIPE;
}

void cs_reader_abandon(cs_reader *reader) {
  kill(reader->pid, SIGKILL);
  close(reader->socket);
  munmap(reader->ring, reader->ring_size);
  reader->ring = NULL;
  reader->ring_size = 0;
  reader->socket = -1;
}

int cs_has_ended(int pid) {
  int status;
  pid_t ended = waitpid(pid, &status, WNOHANG);
  return ended == pid || (ended < 0 && errno == ECHILD);
}

int cs_takes_commands(int descriptor) {
  int version = 0;
  return ioctl(descriptor, SG_GET_VERSION_NUM, &version) == 0 && version >= 30000;
}
