// SPDX-License-Identifier: Apache-2.0
//
// What Swift cannot say about the operating system: calls without a wrapper, and ioctls.
// Functions return 0 or a count, or a negated errno.
#ifndef RENFLOU_CSTORAGE_H
#define RENFLOU_CSTORAGE_H

#include <stddef.h>
#include <stdint.h>

typedef enum cs_kind {
  CS_OTHER, CS_FILE, CS_FOLDER, CS_BLOCK_DEVICE, CS_CHARACTER_DEVICE, CS_FIFO, CS_SOCKET, CS_LINK
} cs_kind;

typedef struct cs_status {
  cs_kind kind;
  uint64_t size;      // bytes; of a block device: 0
  uint64_t device;    // the device number it lies on
  uint64_t number;    // the device number it is, for devices
  uint64_t inode;
  uint64_t mount;     // the id of its mount, 0 where the kernel does not say
} cs_status;

typedef struct cs_space {
  uint64_t available; // bytes that this user may still write
  uint64_t total;     // bytes
  uint64_t unit;      // what each file is rounded up to, in bytes
} cs_space;

typedef struct cs_block_device {
  uint64_t size;             // bytes
  uint32_t logical_sector;   // bytes
  uint32_t physical_sector;  // bytes
} cs_block_device;

// Looking.
const char *cs_error_words(int code);  // lives for ever
int cs_status_of_path(const char *path, cs_status *status);
int cs_status_of_descriptor(int descriptor, cs_status *status);
uint64_t cs_device_number(uint32_t major, uint32_t minor);
uint32_t cs_device_major(uint64_t number);
uint32_t cs_device_minor(uint64_t number);
int cs_loop_backing(const char *device, uint64_t *on_device, uint64_t *inode);

// Reading. Nothing here can open a source for writing.
int cs_open_source(const char *path);
int cs_reopen_direct(int descriptor);
int cs_block_device_of(int descriptor, cs_block_device *device);
int64_t cs_read_at(int descriptor, void *target, size_t count, uint64_t offset);
// Where in a sparse file the next byte stands that was ever written; the end of the file: nowhere.
int64_t cs_next_data(int descriptor, uint64_t offset);
void cs_close(int descriptor);
// The kernel's own flag of a block device: whether it refuses writes. Setting it writes nothing to
// the device, and needs no right to write there.
int cs_is_read_only(const char *path);   // 0, 1, or a negated errno
int cs_set_read_only(const char *path);

// A source that may be failing: a block device exclusively and past the page cache, a file as it is.
int cs_open_for_rescue(const char *path, int is_block_device, int exclusive);
// The next reads of this file ask for nothing that was not asked for.
void cs_expect_random(int descriptor);

// A child process that reads on request, and that can be given up when a read hangs.
typedef struct cs_reader {
  int pid;
  int socket;
  uint8_t *ring;     // shared memory that requests name parts of
  size_t ring_size;  // bytes
} cs_reader;

typedef struct cs_request {
  uint64_t offset;       // bytes
  uint32_t length;       // bytes
  uint32_t place;        // where in the ring, bytes
  uint32_t sector;       // bytes a logical sector has, for commands; 0: an ordinary read
  uint32_t milliseconds; // how long the device may take over a command
} cs_request;

typedef struct cs_reply {
  int64_t result;        // bytes that came, or a negated errno
  uint64_t nanoseconds;  // what the read took, without waiting for a processor
  uint64_t bad_sector;   // the logical sector that the device named
  uint32_t names_sector; // whether it did
} cs_reply;

int cs_reader_start(cs_reader *reader, int descriptor, size_t ring_size);
int cs_reader_ask(const cs_reader *reader, const cs_request *request);
int cs_reader_wait(const cs_reader *reader, int milliseconds, cs_reply *reply);  // or -ETIMEDOUT
// Ends the child without waiting for it; the ring is gone.
void cs_reader_abandon(cs_reader *reader);
// Whether a child that was given up has gone.
int cs_has_ended(int pid);
// Whether the device takes commands (SG_IO).
int cs_takes_commands(int descriptor);
// The sector that sense data names: 1 and the sector, or 0.
int cs_sector_of_sense(const uint8_t *sense, size_t count, uint64_t *sector);

// Writing, always below a folder that is open.
int cs_open_folder(const char *path);
int cs_make_folder_at(int folder, const char *name);
int cs_open_folder_at(int folder, const char *name);
int cs_create_at(int folder, const char *name);
int cs_rename_at(int folder, const char *from, const char *to);
int cs_unlink_at(int folder, const char *name);
int cs_status_at(int folder, const char *name, cs_status *status);
int64_t cs_write(int descriptor, const void *bytes, size_t count);
int cs_skip(int descriptor, uint64_t count);
int cs_set_length(int descriptor, uint64_t length);
int cs_set_times(int descriptor, int has_accessed, int64_t accessed, int has_modified, int64_t modified);
int cs_finish(int descriptor);  // closes and says whether all was accepted
int cs_sync_all(int folder);
int cs_space_of(int folder, cs_space *space);

// An image that is being made: created, or opened again where it is ours.
int cs_open_image(const char *path, int create);
void cs_allow_files(uint64_t count);  // asks for the right to have so many open
int cs_sync_data(int descriptor);
int cs_lock(int descriptor);  // -EWOULDBLOCK where another job has it
int cs_open_for_appending(const char *path);

// A file in memory alone.
int cs_memory_file(const char *name, uint64_t length);
int64_t cs_write_at(int descriptor, const void *bytes, size_t count, uint64_t offset);

#endif
