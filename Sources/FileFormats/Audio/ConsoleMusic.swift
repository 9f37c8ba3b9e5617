// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// The state of a Super Nintendo's sound processor: 66048 bytes, and perhaps a chunk of texts.
  ///
  ///     0 mark, 33 letters   33 1A 1A   46 title, 32   78 game, 32   0x100 memory   0x10100 registers
  ///     0x10200 xid6, u32 size
  ///
  /// - Source: SNESMusic.org, *SNES SPC700 Sound File Format 0.31*.
  package static let spc = FileFormat(
    id: "spc", name: "SNES music", category: .audio, validation: .size,
    signatures: [Signature("SNES-SPC700 Sound File Data")], maximumSize: 0x10_0000,
    resembles: { bytes in
      // 1A where texts follow, else 1B.
      bytes.holds([0x1A, 0x1A, 0x1A], at: 33) || bytes.holds([0x1A, 0x1A, 0x1B], at: 33)
    }
  ) { file in
    try Examination.walk("spc", file) {
      var end: ByteOffset = 0x1_0200
      let more = try file.readPrefix(at: end, count: 8)
      if more.holds(Array("xid6".utf8), at: 0) {
        end = try end + 8 + ByteCount(UInt64(more.little(UInt32.self, at: 4)))
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("spc", "SPC", end: end, and: [.payloadUnchecked])
      result.name = ContentText.text(try file.read(at: 46, count: 32))
      return result
    }
  }

  /// A log of what was written to sound chips.
  ///
  ///     0 "Vgm "   4 u32 end, from here   8 u32 version, 0x100 on   0x14 u32 tag, from here
  ///     the tag: "Gd3 ", u32 version, u32 size, texts in UTF-16, the title first   (little-endian)
  ///
  /// - Source: SMS Power!, *VGM Specification 1.72*.
  package static let vgm = FileFormat(
    id: "vgm", name: "VGM music", category: .audio, validation: .size,
    signatures: [Signature("Vgm ")], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let end = try? bytes.little(UInt32.self, at: 4),
        let version = try? bytes.little(UInt32.self, at: 8),
        let tag = try? bytes.little(UInt32.self, at: 0x14)
      else { return false }
      return end > 0x40 && (0x100...0x1FF).contains(version) && tag < end
    }
  ) { file in
    try Examination.walk("vgm", file) {
      let end = try ByteOffset(4) + ByteCount(UInt64(file.little(UInt32.self, at: 4)))
      guard end > 0x40 else { throw Malformed("VGM", "an end inside its head", at: 4) }
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("vgm", "VGM", end: end, and: [.payloadUnchecked])
      let place = try ByteOffset(0x14) + ByteCount(UInt64(file.little(UInt32.self, at: 0x14)))
      let tag = try file.readPrefix(at: place, count: 252)
      if place > 0x14, tag.holds(Array("Gd3 ".utf8), at: 0) {
        let units = stride(from: 12, to: tag.count &- 1, by: 2).map {
          UInt16(tag[$0]) | UInt16(tag[$0 + 1]) << 8
        }
        result.name = ContentText.trimmed(
          String(decoding: units.prefix { $0 != 0 }, as: UTF16.self))
      }
      return result
    }
  }

  /// Nintendo's sound code with texts: chunks up to `NEND`.
  ///
  /// - Source: NESdev Wiki, *NSFe*.
  package static let nsfe = FileFormat(
    id: "nsfe", name: "NES music", category: .audio, validation: .size,
    signatures: [Signature("NSFE")], maximumSize: 0x100_0000,
    resembles: { bytes in
      guard let size = try? bytes.little(UInt32.self, at: 4) else { return false }
      return (8...64).contains(size) && bytes.holds(Array("INFO".utf8), at: 8)
    }
  ) { file in
    try Examination.walk("nsfe", file) {
      var window = Window(file, span: 4096)
      var position: ByteOffset = 4
      for _ in 0..<1024 {
        let size = UInt64(try window.little(UInt32.self, at: position))
        let id = try window.copy(at: position + 4, count: 4)
        guard id.allSatisfy({ (0x20...0x7E).contains($0) }) else {
          throw Malformed("NSFe", "no chunk starts here", at: position)
        }
        position = try position + 8 + ByteCount(size)
        guard position <= file.range.upperBound else { throw Truncated() }
        if id == Array("NEND".utf8) {
          return .whole("nsfe", "NSFe", end: position, and: [.payloadUnchecked])
        }
      }
      throw Malformed("NSFe", "there are too many chunks", at: position)
    }
  }

  /// A setting of a VST plug-in, or a bank of them.
  ///
  ///     0 CcnK   4 u32 size behind it   8 FxCk, FPCh, FxBk or FBCh   28 name of a setting, 28
  ///     (big-endian)
  ///
  /// - Source: Steinberg, *VST 2.4 SDK*, `vstfxstore.h`.
  package static let fxp = FileFormat(
    id: "fxp", name: "VST preset", category: .audio, extensions: ["fxp", "fxb"], validation: .size,
    signatures: [Signature("CcnK")], maximumSize: 0x1000_0000,
    resembles: { bytes in
      ["FxCk", "FPCh", "FxBk", "FBCh"].contains { bytes.holds(Array($0.utf8), at: 8) }
    }
  ) { file in
    try Examination.walk("fxp", file) {
      let head = try file.read(at: 0, count: 60)
      let end = try ByteOffset(8) + ByteCount(UInt64(head.big(UInt32.self, at: 4)))
      guard end >= 60 else { throw Malformed("VST", "an end inside its head", at: 4) }
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("fxp", "VST", end: end, and: [.payloadUnchecked])
      let isBank = head[9] == 0x78 ? head[10] == 0x42 : head[9] == 0x42
      result.type = isBank ? "fxb" : "fxp"
      if !isBank { result.name = ContentText.text(head[28..<56]) }
      return result
    }
  }
}
