// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A cover inside a sound file's metadata: a whole picture file, which its own format checks.
struct EmbeddedPicture {
  let child: Examination.Child
  /// Whether checksums cover it, beyond that it can be decoded.
  let hasChecksums: Bool

  /// Nil where `range` is not exactly one sound picture.
  init?(in file: Source, _ range: Range<ByteOffset>) throws {
    guard let picture = try? file.slice(range) else { return nil }
    for format in [FileFormat.jpeg, .png] {
      let result = try format.examine(picture)
      guard result.end == .complete, result.length == picture.length,
        !result.evidence.contains(.payloadUnchecked), !result.evidence.contains(.endReasoned)
      else { continue }
      child = Examination.Child(type: result.type ?? format.id, range: range)
      hasChecksums = result.evidence.contains {
        if case .checksumsHold = $0 { true } else { false }
      }
      return
    }
    return nil
  }
}
