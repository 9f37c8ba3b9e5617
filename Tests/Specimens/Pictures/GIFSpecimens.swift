// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum GIFSpecimens {
  static let all: [Specimen] = [
    Specimen(
      .gif, Pictures.animated, label: "two frames", verdict: .intact, boundaries: [6, 13, 61])
  ]
}
