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

// A file in memory alone.
int cs_memory_file(const char *name, uint64_t length);
int64_t cs_write_at(int descriptor, const void *bytes, size_t count, uint64_t offset);

#endif
