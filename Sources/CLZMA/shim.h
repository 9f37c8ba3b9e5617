// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <lzma.h>

/// A decoder of LZMA2 chunks without a container. liblzma copies the options.
static inline lzma_ret renflou_lzma2_decoder(lzma_stream *stream, uint32_t window) {
  lzma_options_lzma options = {.dict_size = window < LZMA_DICT_SIZE_MIN ? LZMA_DICT_SIZE_MIN : window};
  lzma_filter filters[] = {
      {.id = LZMA_FILTER_LZMA2, .options = &options},
      {.id = LZMA_VLI_UNKNOWN, .options = 0},
  };
  return lzma_raw_decoder(stream, filters);
}
