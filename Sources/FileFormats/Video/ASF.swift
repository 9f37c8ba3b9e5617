// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// Advanced Systems Format, as Windows Media writes it: a header object with objects in it, a
  /// data object of packets of one size, and index objects.
  ///
  ///     0  GUID of the header object  16  u64 size  24  u32 count of objects  28  01 02
  ///
  /// - Source: Microsoft, *Advanced Systems Format (ASF) Specification 01.20.05*.
  package static let asf = FileFormat(
    id: "wmv", name: "Windows Media video", category: .video, extensions: ["wmv", "wma", "asf"],
    otherCategories: [.audio: ["wma"]], validation: .structure,
    signatures: [Signature(ASFKind.header.bytes)], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt64.self, at: 16),
        let version = try? bytes.little(UInt8.self, at: 29)
      else { return false }
      return size >= 30 && size <= 0x400_0000 && version == 2
    }
  ) { file in
    var walk = ASFWalk(file)
    var result = try Examination.walk("wmv", file) { try walk.examination() }
    result.type = walk.type
    return result
  }
}
