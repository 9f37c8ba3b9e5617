// SPDX-License-Identifier: Apache-2.0
#include "CSignatureScan.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

/// Appends a position if the hash of its first three bytes is known; reads four bytes.
static inline size_t append(const css_table *table, const uint8_t *bytes, size_t position,
                            uint32_t *out, size_t found) {
  uint32_t word;
  memcpy(&word, bytes + position, 4);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap32(word);
#endif
  uint32_t hash = css_hash(word);
  out[found] = (uint32_t)position;
  return found + ((table->hashes[hash >> 3] >> (hash & 7)) & 1);
}

static inline size_t plain(const css_table *t, const uint8_t *p, size_t end, size_t *position,
                           uint32_t *out, size_t capacity, size_t found) {
  size_t i = *position;
  for (; i < end && found < capacity; i++) {
    if (t->accepts[0][p[i]] & t->accepts[1][p[i + 1]] & t->accepts[2][p[i + 2]] &
        t->accepts[3][p[i + 3]])
      found = append(t, p, i, out, found);
  }
  *position = i;
  return found;
}

#if defined(__x86_64__)

__attribute__((target("avx512f,avx512bw,avx512vbmi,bmi"))) static size_t
scan_vbmi(const css_table *t, const uint8_t *p, size_t count, size_t limit, size_t *position,
          uint32_t *out, size_t capacity) {
  __m512i table[4][4];
  for (int k = 0; k < 4; k++)
    for (int part = 0; part < 4; part++)
      table[k][part] = _mm512_loadu_si512(t->accepts[k] + 64 * part);
  size_t found = 0, i = *position;
  for (; i < limit && i + 67 <= count && found + 64 <= capacity; i += 64) {
    __m512i all = _mm512_set1_epi8(-1);
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      __m512i v = _mm512_loadu_si512(p + i + k);
      __m512i low = _mm512_permutex2var_epi8(table[k][0], v, table[k][1]);
      __m512i high = _mm512_permutex2var_epi8(table[k][2], v, table[k][3]);
      all = _mm512_and_si512(all, _mm512_mask_blend_epi8(_mm512_movepi8_mask(v), low, high));
    }
    uint64_t mask = _mm512_test_epi8_mask(all, all);
    while (mask) {
      found = append(t, p, i + (size_t)__builtin_ctzll(mask), out, found);
      mask &= mask - 1;
    }
  }
  *position = i;
  return found;
}

__attribute__((target("avx2,bmi"))) static size_t scan_avx2(const css_table *t, const uint8_t *p,
                                                            size_t count, size_t limit, size_t *position,
                                                            uint32_t *out, size_t capacity) {
  __m256i low[4], high[4];
  const __m256i nibble = _mm256_set1_epi8(15), zero = _mm256_setzero_si256();
  for (int k = 0; k < 4; k++) {
    low[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)t->low[k]));
    high[k] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)t->high[k]));
  }
  size_t found = 0, i = *position;
  for (; i < limit && i + 35 <= count && found + 32 <= capacity; i += 32) {
    __m256i all = _mm256_set1_epi8(-1);
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      __m256i v = _mm256_loadu_si256((const __m256i *)(p + i + k));
      __m256i l = _mm256_shuffle_epi8(low[k], _mm256_and_si256(v, nibble));
      __m256i h = _mm256_shuffle_epi8(high[k], _mm256_and_si256(_mm256_srli_epi16(v, 4), nibble));
      all = _mm256_and_si256(all, _mm256_and_si256(l, h));
    }
    uint32_t mask = ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(all, zero));
    while (mask) {
      found = append(t, p, i + (size_t)__builtin_ctz(mask), out, found);
      mask &= mask - 1;
    }
  }
  *position = i;
  return found;
}

__attribute__((target("ssse3"))) static size_t scan_ssse3(const css_table *t, const uint8_t *p,
                                                          size_t count, size_t limit, size_t *position,
                                                          uint32_t *out, size_t capacity) {
  __m128i low[4], high[4];
  const __m128i nibble = _mm_set1_epi8(15), zero = _mm_setzero_si128();
  for (int k = 0; k < 4; k++) {
    low[k] = _mm_loadu_si128((const __m128i *)t->low[k]);
    high[k] = _mm_loadu_si128((const __m128i *)t->high[k]);
  }
  size_t found = 0, i = *position;
  for (; i < limit && i + 19 <= count && found + 16 <= capacity; i += 16) {
    __m128i all = _mm_set1_epi8(-1);
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      __m128i v = _mm_loadu_si128((const __m128i *)(p + i + k));
      __m128i l = _mm_shuffle_epi8(low[k], _mm_and_si128(v, nibble));
      __m128i h = _mm_shuffle_epi8(high[k], _mm_and_si128(_mm_srli_epi16(v, 4), nibble));
      all = _mm_and_si128(all, _mm_and_si128(l, h));
    }
    uint32_t mask = 0xFFFFu & ~(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(all, zero));
    while (mask) {
      found = append(t, p, i + (size_t)__builtin_ctz(mask), out, found);
      mask &= mask - 1;
    }
  }
  *position = i;
  return found;
}

#elif defined(__aarch64__)

static size_t scan_neon(const css_table *t, const uint8_t *p, size_t count, size_t limit, size_t *position,
                        uint32_t *out, size_t capacity) {
  uint8x16_t low[4], high[4];
  const uint8x16_t nibble = vdupq_n_u8(15);
  for (int k = 0; k < 4; k++) {
    low[k] = vld1q_u8(t->low[k]);
    high[k] = vld1q_u8(t->high[k]);
  }
  size_t found = 0, i = *position;
  for (; i < limit && i + 19 <= count && found + 16 <= capacity; i += 16) {
    uint8x16_t all = vdupq_n_u8(0xFF);
#pragma GCC unroll 4
    for (int k = 0; k < 4; k++) {
      uint8x16_t v = vld1q_u8(p + i + k);
      uint8x16_t l = vqtbl1q_u8(low[k], vandq_u8(v, nibble));
      uint8x16_t h = vqtbl1q_u8(high[k], vshrq_n_u8(v, 4));
      all = vandq_u8(all, vandq_u8(l, h));
    }
    // Four bits for each byte that is not zero.
    uint8x8_t halves = vshrn_n_u16(vreinterpretq_u16_u8(vtstq_u8(all, all)), 4);
    uint64_t mask = vget_lane_u64(vreinterpret_u64_u8(halves), 0) & 0x1111111111111111u;
    while (mask) {
      found = append(t, p, i + (size_t)(__builtin_ctzll(mask) >> 2), out, found);
      mask &= mask - 1;
    }
  }
  *position = i;
  return found;
}

#endif

int css_best_variant(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512bw")) return CSS_VBMI;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi")) return CSS_AVX2;
  if (__builtin_cpu_supports("ssse3")) return CSS_SSSE3;
#elif defined(__aarch64__)
  return CSS_NEON;
#endif
  return CSS_PLAIN;
}

size_t css_scan(const css_table *table, int variant, const uint8_t *bytes, size_t count,
                size_t limit, size_t *position, uint32_t *out, size_t capacity) {
  size_t found = 0;
#if defined(__x86_64__)
  switch (variant) {
  case CSS_VBMI: found = scan_vbmi(table, bytes, count, limit, position, out, capacity); break;
  case CSS_AVX2: found = scan_avx2(table, bytes, count, limit, position, out, capacity); break;
  case CSS_SSSE3: found = scan_ssse3(table, bytes, count, limit, position, out, capacity); break;
  default: break;
  }
  if (found + 64 > capacity) return found;
#elif defined(__aarch64__)
  if (variant == CSS_NEON) found = scan_neon(table, bytes, count, limit, position, out, capacity);
  if (found + 64 > capacity) return found;
#else
  (void)variant;
#endif
  if (*position >= limit) return found;
  // What is shorter than one vector, then what is shorter than one window.
  if (count > 3 && *position < count - 3)
    found = plain(table, bytes, count - 3, position, out, capacity, found);
  if (found + 3 > capacity || *position >= count) return found;
  if (count > 3 && *position < count - 3) return found;
  uint8_t last[6] = {0};
  size_t start = *position, rest = count - start;
  memcpy(last, bytes + start, rest);
  uint32_t tail[4];
  size_t at = 0, more = plain(table, last, rest, &at, tail, 3, 0);
  for (size_t k = 0; k < more; k++) out[found++] = (uint32_t)(start + tail[k]);
  *position = count;
  return found;
}
