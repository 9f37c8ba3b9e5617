// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Meridian Lossless Packing and Dolby TrueHD: access units that each state their size and the time
  /// at which they are fed in; every so many of them hold a sync.
  ///
  /// | Offset | Size | Field | Unit                                                          |
  /// |-------:|-----:|-------|---------------------------------------------------------------|
  /// |   0x00 |    2 | size  | words, in the lower twelve bits                               |
  /// |   0x02 |    2 | time  | samples; grows by the same from unit to unit                  |
  /// |   0x04 |    4 | sync  | in some: F8 72 6F BA (TrueHD) or BB (MLP)                     |
  ///
  /// - Source: Dolby Laboratories, *Dolby TrueHD (MLP) high-level bitstream description*, §3 and §4.
  package static let thd = FileFormat(
    id: "thd", name: "Dolby TrueHD sound", category: .audio, extensions: ["thd", "mlp", "truehd"],
    validation: .structure,
    signatures: [
      Signature([0xF8, 0x72, 0x6F, 0xBA], at: 4, alignment: 512),
      Signature([0xF8, 0x72, 0x6F, 0xBB], at: 4, alignment: 512),
    ],
    maximumSize: 0x4_0000_0000
  ) { file in
    try TrueHDWalk.examination(file)
  }
}

/// The walk over a chain of access units.
private enum TrueHDWalk {
  private static let fewestUnits = 16

  static func examination(_ file: Source) throws -> Examination {
    var window = Window(file)
    let isTrueHD = try window.holds([0xBA], at: 7)
    let sync: [UInt8] = [0xF8, 0x72, 0x6F, isTrueHD ? 0xBA : 0xBB]
    var position: ByteOffset = 0
    var units = 0
    var last: UInt16 = 0
    var step: UInt16?
    while let word = try? window.big(UInt32.self, at: position) {
      let length = UInt64(word >> 16 & 0xFFF) * 2
      let time = UInt16(truncatingIfNeeded: word)
      let isSync = try window.holds(sync, at: position + 4)
      // A cut in the film may set the time anew, where a unit holds a sync.
      guard length >= 8, isSync || units > 0, isSync || step == nil || time &- last == step else {
        break
      }
      let end = try position + ByteCount(length)
      guard end <= file.range.upperBound else {
        return units < fewestUnits
          ? .broken(at: 0, problem: "too few access units")
          : .truncated(at: file.range.upperBound, evidence: [.headerMatched("thd")])
      }
      if units == 1 { step = time &- last }
      last = time
      units &+= 1
      position = end
    }
    guard units >= fewestUnits else { return .broken(at: 0, problem: "too few access units") }
    var result = try TrailingTags(in: file, after: position).examination("thd", "MLP")
    result.type = isTrueHD ? "thd" : "mlp"
    return result
  }
}
