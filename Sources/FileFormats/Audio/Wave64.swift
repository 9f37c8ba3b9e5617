// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Sony's Wave64: a Wave file whose chunks are named by GUIDs, with sizes of 64 bits.
  ///
  ///     0 GUID of `riff`   16 u64 size of all   24 GUID of `wave`
  ///     then chunks at multiples of 8: GUID, u64 size with this head   (little-endian)
  ///
  /// - Source: Sonic Foundry, *The Sony Wave64 Format*.
  package static let w64 = FileFormat(
    id: "w64", name: "Wave64 sound", category: .audio, validation: .size,
    signatures: [Signature(Array("riff".utf8) + [0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6])],
    maximumSize: 0x20_0000_0000,
    resembles: { $0.holds(Array("wave".utf8) + [0xF3, 0xAC, 0xD3, 0x11], at: 24) }
  ) { file in
    try Examination.walk("w64", file) {
      var window = Window(file, span: 4096)
      let end = ByteOffset(try window.little(UInt64.self, at: 16))
      var position: ByteOffset = 40
      var seen = Set<String>()
      for _ in 0..<4096 {
        guard let next = try? position + 24, next <= end else { break }
        let id = try window.copy(at: position, count: 4)
        let size = try window.little(UInt64.self, at: position + 16)
        let (padded, isTooLong) = size.addingReportingOverflow(7)
        guard size >= 24, !isTooLong, id.allSatisfy({ (0x20...0x7E).contains($0) }),
          try position + ByteCount(size) <= end
        else { throw Malformed("Wave64", "no chunk starts here", at: position) }
        seen.insert(String(decoding: id, as: UTF8.self))
        position = try position + ByteCount(padded & ~7)
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      guard seen.isSuperset(of: ["fmt ", "data"]) else {
        throw Malformed("Wave64", "it holds no sound", at: min(position, end))
      }
      return .whole("w64", "Wave64", end: end, and: [.payloadUnchecked])
    }
  }
}
