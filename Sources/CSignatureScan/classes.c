// SPDX-License-Identifier: Apache-2.0
#include "CSignatureScan.h"

#include <string.h>

/// How many bytes of a block are looked at: runs of 8, spread evenly.
enum { RUNS = 8, RUN = 8, SAMPLE = RUNS * RUN };

/// Of 64 random bytes 57 differ, give or take 3; of text or programs far fewer.
enum { LEAST_DENSE = 48 };

/// 1 for the control characters that stand in no text: all but tab, line ends, form feed, escape.
static const uint8_t foreign[256] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, [127] = 1};

static uint8_t class_of(const uint8_t *block, size_t count) {
  if (memcmp(block, block + 1, count - 1) == 0) return block[0] ? CSS_CONSTANT : CSS_ZERO;
  if (count < SAMPLE) return CSS_OTHER;
  // The first run stands away from the start: headers are like nothing that follows them.
  size_t step = count / RUNS, first = (step - RUN) / 2;
  uint8_t seen[256] = {0}, bad = 0;
  for (size_t k = 0; k < RUNS; k++) {
    const uint8_t *run = block + step * k + first;
    for (size_t i = 0; i < RUN; i++) {
      seen[run[i]] = 1;
      bad |= foreign[run[i]];
    }
  }
  unsigned values = 0;
  for (size_t v = 0; v < 256; v++) values += seen[v];
  if (values >= LEAST_DENSE) return CSS_DENSE;
  return bad ? CSS_OTHER : CSS_TEXT;
}

void css_classify(const uint8_t *bytes, size_t count, size_t block, uint8_t *out) {
  for (size_t start = 0; start < count; start += block)
    *out++ = class_of(bytes + start, count - start < block ? count - start : block);
}
