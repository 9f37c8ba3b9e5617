// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats

/// Sorts out blocks that cannot go on with a file, by what they look like: before the format is asked,
/// which costs more.
struct Likeness {
  private let isText: Bool
  private let isPacked: Bool

  init(of format: FileFormat) {
    isText = format.validation == .grammar
    isPacked = format.validation == .checksums || format.validation == .decoding
  }

  /// Whether a block of this class may follow.
  func allows(_ kind: BlockClass) -> Bool {
    switch kind {
    case .zero, .constant: !isText && !isPacked
    case .dense: !isText
    case .text, .other: true
    }
  }
}
