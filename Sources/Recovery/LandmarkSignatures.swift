// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan
import Volumes

/// How the pass recognises landmarks: a signature each, and a few comparisons on what follows.
enum LandmarkSignatures {
  struct Entry: Sendable {
    let kind: Landmark.Kind
    let signature: Signature
    /// Given the bytes from the landmark's start on.
    let resembles: @Sendable (RawSpan) -> Bool
  }

  /// A kind that is missing here does not compile: the switch names them all.
  static let all: [Entry] = Landmark.Kind.allCases.map(entry)

  private static func entry(_ kind: Landmark.Kind) -> Entry {
    switch kind {
    case .extDirectory:
      // ".", 12 bytes long, a folder: the second half of its entry; ".." follows at once.
      Entry(
        kind: kind, signature: Signature([0x0C, 0, 1, 2, 0x2E, 0, 0, 0], at: 4, alignment: 1024)
      ) {
        $0.holds([2, 2, 0x2E, 0x2E], at: 18)
      }
    case .extDirectoryTail:
      // An entry without inode and name, 12 bytes long, of the type 0xDE, then the checksum.
      Entry(kind: kind, signature: Signature([0, 0, 0, 0, 0x0C, 0, 0, 0xDE], alignment: 4)) { _ in
        true
      }
    case .extExtentNode:
      Entry(kind: kind, signature: Signature([0x0A, 0xF3], alignment: 1024)) { bytes in
        guard let entries = try? bytes.little(UInt16.self, at: 2),
          let most = try? bytes.little(UInt16.self, at: 4),
          let depth = try? bytes.little(UInt16.self, at: 6)
        else { return false }
        return entries <= most && most >= 80 && most <= 5461 && depth <= 4
      }
    case .fatDirectory:
      // "." padded with spaces, a folder; ".." follows.
      Entry(
        kind: kind,
        signature: Signature([0x2E] + [UInt8](repeating: 0x20, count: 10), alignment: 512)
      ) { $0.holds([0x2E, 0x2E, 0x20, 0x20, 0x20], at: 32) }
    }
  }
}
