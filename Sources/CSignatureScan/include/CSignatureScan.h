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
/// may be full or `limit` is reached, or passed by less than a vector; `*position` is where to go
/// on. At the end of the bytes, windows reach into zeros that stand for what is missing.
size_t css_scan(const css_table *table, int variant, const uint8_t *bytes, size_t count, size_t limit,
                size_t *position, uint32_t *out, size_t capacity);

/// The least that `capacity` may be.
enum { CSS_LEAST_CAPACITY = 128 };

/// One signature that a place may belong to: eight of its bytes, some of them any.
typedef struct {
  uint64_t mask, value;
  uint32_t signature;
} css_entry;

/// The entries that a key may belong to: first[key] up to first[key + 1].
typedef struct {
  const uint32_t *first;
  const css_entry *entries;
} css_index;

/// A place at which eight bytes of a signature stand.
typedef struct {
  uint32_t signature, position;
} css_hit;

/// Compares what stands at `positions` with the entries of its hash, and writes what fits to `out`,
/// which must have room for the most entries of one key at each position.
size_t css_match(const css_index *index, const uint8_t *bytes, size_t count,
                 const uint32_t *positions, size_t places, css_hit *out);

/// Signatures of files that begin with a sector, by two of their bytes.
typedef struct {
  /// How far behind the sector's start the two bytes stand.
  uint32_t offset;
  /// How many bits of the two bytes are told apart: 16, or 10 where few pairs are looked for, so that the
  /// table stays close to the processor.
  uint32_t bits;
  css_index index;
  /// A bit for each value of css_pair_hash.
  uint64_t pairs[1024];
} css_group;

/// A hash of two bytes, the first one lowest, of at most sixteen bits: with all of them no two agree.
static inline uint32_t css_pair_hash(uint32_t pair, uint32_t bits) {
  return (uint16_t)(pair * 0x9E37u) >> (16 - bits);
}

/// Makes a group look for two bytes, the first one lowest.
static inline void css_add_pair(css_group *group, uint32_t pair) {
  uint32_t hash = css_pair_hash(pair & 0xFFFF, group->bits);
  group->pairs[hash >> 6] |= 1ull << (hash & 63);
}

/// The bytes of a sector, and how many sectors are looked at together.
enum { CSS_SECTOR = 512, CSS_BATCH = 256 };

/// Looks at one batch of sector starts from `*position` on, at the most up to `limit`; `*position` is where
/// to go on. `out` has room for the most entries that one sector can have, a batch of times.
size_t css_sectors(const css_group *groups, size_t group_count, const uint8_t *bytes, size_t count,
                   size_t limit, size_t *position, css_hit *out);

/// What a block looks like: see BlockClass.
enum css_class { CSS_ZERO = 0, CSS_CONSTANT = 1, CSS_TEXT = 2, CSS_DENSE = 3, CSS_OTHER = 4 };

/// Writes the class of each `block` bytes to `out`; the last block may be shorter, none is empty.
void css_classify(const uint8_t *bytes, size_t count, size_t block, uint8_t *out);

#endif
