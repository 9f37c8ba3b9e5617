// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// Flash movies: a header and tags, plain, deflated or packed by LZMA.
  ///
  ///     0  "FWS", "CWS" or "ZWS"  3  u8 version  4  u32 length when unpacked
  ///     ZWS:  8  u32 length of the LZMA data  12  u8 properties, u32 dictionary  17  LZMA data
  ///
  /// - Source: Adobe, *SWF File Format Specification, version 19*, chapter 2.
  package static let swf = FileFormat(
    id: "swf", name: "Flash movie", category: .video, validation: .decoding,
    signatures: ["FWS", "CWS", "ZWS"].map {
      // All versions are below 64.
      Signature(
        masked: $0.utf8.map { Signature.Element($0) } + [.init(0, mask: 0xC0)], alignment: 512)
    },
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let kind = try? bytes.little(UInt8.self, at: 0),
        let version = try? bytes.little(UInt8.self, at: 3),
        let length = try? bytes.little(UInt32.self, at: 4), length >= 20, length <= 0x1000_0000
      else { return false }
      switch kind {
      case 0x46: return (1...50).contains(version) && SWFWalk.resemblesBody(bytes)
      case 0x43:
        let head = (try? bytes.big(UInt16.self, at: 8)) ?? 0
        return (6...50).contains(version) && head >> 8 == 0x78 && head % 31 == 0
          && head & 0x20 == 0
      default:
        guard let packed = try? bytes.little(UInt32.self, at: 8) else { return false }
        return (13...50).contains(version) && packed > 0 && packed < length
          && bytes.holds([0x5D, 0, 0], at: 12) && bytes.holds([0], at: 17)
      }
    }
  ) { file in
    try Examination.walk("swf", file) { try SWFWalk(file).examination() }
  }
}
