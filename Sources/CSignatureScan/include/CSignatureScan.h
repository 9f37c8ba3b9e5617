// SPDX-License-Identifier: Apache-2.0
#ifndef RENFLOU_CSIGNATURESCAN_H
#define RENFLOU_CSIGNATURESCAN_H

#include <stddef.h>
#include <stdint.h>

/// What four bytes in a row must look like to be worth a comparison. Each signature puts a window of
/// four of its bytes into one of eight buckets, a bit each.
typedef struct {
  /// Bit b of accepts[k][v]: bucket b takes the value v as byte k of its window.
  uint8_t accepts[4][256];
  /// The same by nibbles, for instruction sets that look up 16 entries at a time: a superset.
  uint8_t low[4][16];
  uint8_t high[4][16];
  /// A bit for each value of css_hash: some window starts with three bytes of this hash.
  uint8_t hashes[8192];
} css_table;

/// The loops there are, best first. A processor that cannot run one runs the next.
enum css_variant { CSS_VBMI = 0, CSS_AVX2 = 1, CSS_SSSE3 = 2, CSS_NEON = 3, CSS_PLAIN = 4 };

/// The best loop of this processor.
int css_best_variant(void);

/// The 16-bit hash of three bytes, the first one lowest.
static inline uint32_t css_hash(uint32_t word) {
  return ((word & 0xFFFFFFu) * 0x9E3779B1u) >> 16;
}

/// Writes the positions of windows to `out`, in ascending order, from `*position` on, until `out`
/// may be full or all is seen; `*position` is where to go on. At the end, windows reach into
/// zeros that stand for what is missing.
size_t css_scan(const css_table *table, int variant, const uint8_t *bytes, size_t count,
                size_t *position, uint32_t *out, size_t capacity);

/// The least that `capacity` may be.
enum { CSS_LEAST_CAPACITY = 128 };

/// What a block looks like: see BlockClass.
enum css_class { CSS_ZERO = 0, CSS_CONSTANT = 1, CSS_TEXT = 2, CSS_DENSE = 3, CSS_OTHER = 4 };

/// Writes the class of each `block` bytes to `out`; the last block may be shorter, none is empty.
void css_classify(const uint8_t *bytes, size_t count, size_t block, uint8_t *out);

#endif
