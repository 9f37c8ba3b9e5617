// SPDX-License-Identifier: Apache-2.0
//
// A mapped page can vanish: the file is truncated, or the page is evicted and cannot be read again.
// The kernel then sends SIGBUS. The handler puts zeros under the whole window, in one mapping (page
// by page, 32,768 bad pages would exceed the kernel's limit of mappings), and counts; who lent the
// window sees the count and throws the result away, so nobody believes the zeros.
#define _GNU_SOURCE
#include "CStorage.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22
#endif

enum { SLOTS = 256 };

static struct {
  atomic_uint taken;
  _Atomic uintptr_t base;
  _Atomic size_t length;
  atomic_uint faults;
} slots[SLOTS];

static struct sigaction previous;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static atomic_int installed;

static int cover(uintptr_t address) {
  for (int i = 0; i < SLOTS; i++) {
    uintptr_t base = atomic_load_explicit(&slots[i].base, memory_order_acquire);
    size_t length = atomic_load_explicit(&slots[i].length, memory_order_acquire);
    if (base == 0 || address < base || address - base >= length) continue;
    atomic_fetch_add(&slots[i].faults, 1);
    void *zeros = mmap((void *)base, length, PROT_READ,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0);
    return zeros != MAP_FAILED;
  }
  return 0;
}

static void on_bus_error(int signal, siginfo_t *info, void *context) {
  int saved = errno;
  int covered = info->si_code == BUS_ADRERR && cover((uintptr_t)info->si_addr);
  errno = saved;
  if (covered) return;
  if (previous.sa_flags & SA_SIGINFO) previous.sa_sigaction(signal, info, context);
  else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN)
    previous.sa_handler(signal);
  else sigaction(SIGBUS, &previous, NULL);  // the access is repeated and ends the process
}

static void install(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = on_bus_error;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  sigemptyset(&action.sa_mask);
  atomic_store(&installed, sigaction(SIGBUS, &action, &previous) == 0);
}

static int take_slot(void) {
  for (int i = 0; i < SLOTS; i++) {
    unsigned free_slot = 0;
    if (atomic_compare_exchange_strong(&slots[i].taken, &free_slot, 1)) return i;
  }
  return -1;
}

static void give_back(int slot) {
  atomic_store_explicit(&slots[slot].base, 0, memory_order_release);
  atomic_store(&slots[slot].taken, 0);
}

int cs_window_map(int descriptor, uint64_t offset, size_t length, cs_window *window) {
  pthread_once(&once, install);
  if (!atomic_load(&installed) || offset > INT64_MAX || length == 0) return -EINVAL;
  int slot = take_slot();
  if (slot < 0) return -EAGAIN;
  void *base = mmap(NULL, length, PROT_READ, MAP_SHARED, descriptor, (off_t)offset);
  if (base == MAP_FAILED) {
    int error = errno;
    give_back(slot);
    return -error;
  }
  atomic_store(&slots[slot].faults, 0);
  atomic_store_explicit(&slots[slot].length, length, memory_order_release);
  atomic_store_explicit(&slots[slot].base, (uintptr_t)base, memory_order_release);
  *window = (cs_window){base, length, slot};
  int result;
  do result = madvise(base, length, MADV_POPULATE_READ);
  while (result != 0 && (errno == EINTR || errno == EAGAIN));
  if (result == 0) return 0;
  int error = errno;
  cs_window_unmap(window);
  return error == EINVAL ? -ENOSYS : -error;
}

uint32_t cs_window_unmap(cs_window *window) {
  uint32_t faults = atomic_load(&slots[window->slot].faults);
  // Out of the handler's sight first: the address may serve another mapping at once.
  atomic_store_explicit(&slots[window->slot].base, 0, memory_order_release);
  munmap(window->base, window->length);
  give_back(window->slot);
  return faults;
}
