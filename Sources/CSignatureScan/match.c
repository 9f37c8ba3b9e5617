// SPDX-License-Identifier: Apache-2.0
#include "CSignatureScan.h"

#include <string.h>

/// Eight bytes, the first one lowest; zeros stand for what is missing.
static inline uint64_t load(const uint8_t *bytes, size_t count, size_t position) {
  uint64_t word = 0;
  if (position + 8 <= count)
    memcpy(&word, bytes + position, 8);
  else if (position < count)
    memcpy(&word, bytes + position, count - position);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

static inline size_t compare(const css_index *index, uint32_t key, uint64_t word, uint32_t position,
                             css_hit *out, size_t found) {
  for (uint32_t k = index->first[key]; k < index->first[key + 1]; k++) {
    const css_entry *entry = index->entries + k;
    out[found] = (css_hit){entry->signature, position};
    found += (word & entry->mask) == entry->value;
  }
  return found;
}

size_t css_match(const css_index *index, const uint8_t *bytes, size_t count,
                 const uint32_t *positions, size_t places, css_hit *out) {
  size_t found = 0;
  for (size_t i = 0; i < places; i++) {
    uint64_t word = load(bytes, count, positions[i]);
    found = compare(index, css_hash((uint32_t)word), word, positions[i], out, found);
  }
  return found;
}

/// Which of `sectors` have one of a group's pairs; `bits` is a constant in each use.
static inline size_t pairs_met(const css_group *group, const uint64_t *heads, unsigned shift,
                               size_t sectors, uint32_t bits, uint16_t *met) {
  size_t places = 0;
  for (size_t s = 0; s < sectors; s++) {
    uint32_t hash = css_pair_hash((uint32_t)(heads[s] >> shift) & 0xFFFF, bits);
    met[places] = (uint16_t)s;
    places += group->pairs[hash >> 6] >> (hash & 63) & 1;
  }
  return places;
}

/// One group's turn over a batch of sectors: its table stays in the nearest cache meanwhile.
static size_t group_turn(const css_group *group, const uint64_t *heads, unsigned shift,
                         size_t sectors, const uint8_t *bytes, size_t count, size_t start,
                         css_hit *out, size_t found) {
  uint16_t met[CSS_BATCH];
  size_t places = group->bits == 16 ? pairs_met(group, heads, shift, sectors, 16, met)
                                    : pairs_met(group, heads, shift, sectors, 10, met);
  for (size_t k = 0; k < places; k++) {
    size_t place = start + CSS_SECTOR * met[k] + group->offset;
    uint64_t word = load(bytes, count, place);
    found = compare(&group->index, (uint32_t)word & 0xFFFF, word, (uint32_t)place, out, found);
  }
  return found;
}

size_t css_sectors(const css_group *groups, size_t group_count, const uint8_t *bytes, size_t count,
                   size_t limit, size_t *position, css_hit *out) {
  size_t start = *position, sectors = 0, found = 0;
  uint64_t heads[CSS_BATCH];
  for (size_t at = start; at < limit && sectors < CSS_BATCH; at += CSS_SECTOR)
    heads[sectors++] = load(bytes, count, at);
  for (size_t g = 0; g < group_count; g++) {
    const css_group *group = groups + g;
    if (group->offset <= 6) {
      found = group_turn(group, heads, 8 * group->offset, sectors, bytes, count, start, out, found);
      continue;
    }
    uint64_t far[CSS_BATCH];
    for (size_t s = 0; s < sectors; s++)
      far[s] = load(bytes, count, start + CSS_SECTOR * s + group->offset);
    found = group_turn(group, far, 0, sectors, bytes, count, start, out, found);
  }
  *position = start + CSS_SECTOR * sectors;
  return found;
}
