// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Image of a CD or DVD with an ISO 9660 file system, whatever else shares it: Joliet, UDF, a
  /// partition table to start from a stick; or with UDF alone.
  ///
  /// - Source: ECMA-119, §8 "Volume Descriptors", §9 "File and Directory Descriptors"; ECMA-167 for
  ///   UDF's anchors and partitions.
  package static let iso = FileFormat(
    id: "iso", name: "CD or DVD image", category: .archive, extensions: ["iso", "cdr", "udf"],
    validation: .size,
    signatures: [
      Signature([1, 0x43, 0x44, 0x30, 0x30, 0x31, 1, 0], at: 0x8000),
      Signature([0, 0x42, 0x45, 0x41, 0x30, 0x31, 1, 0], at: 0x8000),
    ],
    maximumSize: 0x40_0000_0000,
    resembles: { bytes in
      guard bytes.byteCount >= 0x8100, !bytes.holds([0], at: 0x8000),
        let little = try? bytes.little(UInt32.self, at: 0x8050),
        let big = try? bytes.big(UInt32.self, at: 0x8054)
      else { return true }
      return little == big && little > 16
    }
  ) { file in
    try Examination.walk("iso", file) {
      if try file.read(at: 0x8000, count: 1) == [0] { return try UDFVolume(file).examination() }
      return try ISOImageWalk(file).examination()
    }
  }
}
