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

size_t css_sectors(const css_group *groups, size_t group_count, const uint8_t *bytes, size_t count,
                   size_t limit, size_t *position, css_hit *out, size_t capacity, size_t most) {
  size_t found = 0, sector = *position;
  for (; sector < limit && found + most <= capacity; sector += CSS_SECTOR) {
    uint64_t head = load(bytes, count, sector);
    for (size_t g = 0; g < group_count; g++) {
      const css_group *group = groups + g;
      size_t place = sector + group->offset;
      uint32_t pair = group->offset < 7 ? (uint32_t)(head >> (8 * group->offset)) & 0xFFFF
                                        : (uint32_t)load(bytes, count, place) & 0xFFFF;
      uint32_t hash = css_pair_hash(pair, group->bits);
      if (!(group->pairs[hash >> 6] >> (hash & 63) & 1)) continue;
      found = compare(&group->index, pair, load(bytes, count, place), (uint32_t)place, out, found);
    }
  }
  *position = sector;
  return found;
}
