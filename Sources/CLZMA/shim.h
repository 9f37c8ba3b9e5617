// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <lzma.h>

/// A decoder of LZMA2 chunks without a container, and of x86 code where `is_code` says so. liblzma
/// copies the options.
static inline lzma_ret renflou_lzma2_decoder(lzma_stream *stream, uint32_t window, int is_code) {
  lzma_options_lzma options = {.dict_size = window < LZMA_DICT_SIZE_MIN ? LZMA_DICT_SIZE_MIN : window};
  lzma_filter filters[] = {
      {.id = LZMA_FILTER_X86, .options = 0},
      {.id = LZMA_FILTER_LZMA2, .options = &options},
      {.id = LZMA_VLI_UNKNOWN, .options = 0},
  };
  return lzma_raw_decoder(stream, is_code ? filters : filters + 1);
}

/// A decoder of x86 code in LZMA of a known size, without a header: since liblzma 5.4.
static inline lzma_ret renflou_lzma_code_decoder(
    lzma_stream *stream, uint32_t window, uint8_t properties, uint64_t size) {
#ifdef LZMA_FILTER_LZMA1EXT
  lzma_options_lzma options = {.dict_size = window < LZMA_DICT_SIZE_MIN ? LZMA_DICT_SIZE_MIN : window};
  if (properties >= 9 * 5 * 5) return LZMA_OPTIONS_ERROR;
  options.lc = properties % 9;
  options.lp = properties / 9 % 5;
  options.pb = properties / 45;
  options.ext_flags = LZMA_LZMA1EXT_ALLOW_EOPM;
  lzma_set_ext_size(options, size);
  lzma_filter filters[] = {
      {.id = LZMA_FILTER_X86, .options = 0},
      {.id = LZMA_FILTER_LZMA1EXT, .options = &options},
      {.id = LZMA_VLI_UNKNOWN, .options = 0},
  };
  return lzma_raw_decoder(stream, filters);
#else
  return LZMA_OPTIONS_ERROR;
#endif
}
