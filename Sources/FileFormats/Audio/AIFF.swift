// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Audio Interchange File Format, plain or compressed: a form whose size is stated, with its chunks.
  ///
  /// - Source: Apple, *Audio Interchange File Format: "AIFF"*, 1.3, and *AIFF-C*, draft of 1991.
  package static let aiff = FileFormat(
    id: "aiff", name: "AIFF sound", category: .audio, extensions: ["aiff", "aif", "aifc"],
    validation: .size,
    signatures: [FORMSound.signature("AIFF"), FORMSound.signature("AIFC")],
    maximumSize: 0x1_0000_0008, resembles: FORMSound.resembles
  ) { file in
    try FORMSound.examination(file, "aiff", requires: ["COMM"])
  }

  /// The Amiga's 8-bit sampled voice: a form with its chunks.
  ///
  /// - Source: J. Morrison, *"8SVX" IFF 8-Bit Sampled Voice*, 1985.
  package static let svx = FileFormat(
    id: "8svx", name: "8SVX sound", category: .audio, extensions: ["8svx", "iff", "svx"],
    validation: .size,
    signatures: [FORMSound.signature("8SVX"), FORMSound.signature("16SV")],
    maximumSize: 0x1000_0000, resembles: FORMSound.resembles
  ) { file in
    try FORMSound.examination(file, "8svx", requires: ["VHDR", "BODY"])
  }
}

/// The walk over the chunks of an IFF form of sound.
///
/// | Offset | Size | Field | Unit                                            |
/// |-------:|-----:|-------|-------------------------------------------------|
/// |   0x00 |    4 | id    | `FORM`, or a chunk's                            |
/// |   0x04 |    4 | size  | bytes behind it, which a pad byte makes even    |
/// |   0x08 |    4 | kind  | of a form: `AIFF`, `AIFC`, `8SVX`               |
///
/// - Source: J. Morrison, *"EA IFF 85" Standard for Interchange Format Files*.
private struct FORMSound {
  private static let mostChunks = 65_536

  private let file: Source
  private var window: Window
  private var seen = Set<String>()
  private var texts: [String: String] = [:]
  private var tag: (title: String?, date: Timestamp?)

  static func examination(_ file: Source, _ id: String, requires: Set<String>) throws -> Examination
  {
    try Examination.walk(id, file) {
      var walk = FORMSound(file: file, window: Window(file, span: 4096))
      let end: ByteOffset
      do {
        end = try walk.follow()
      } catch  where !(error is ReadError) && walk.seen.isDisjoint(with: requires) {
        // So far nothing tells it from bytes that happen to begin like it.
        throw Malformed("IFF", "none of its own chunks stands in it", at: 0)
      }
      guard walk.seen.isSuperset(of: requires) else {
        throw Malformed("IFF", "a chunk is missing", at: end)
      }
      var result = Examination.whole(id, "IFF", end: end, and: [.payloadUnchecked])
      if try file.read(at: 8, count: 4) == Array("AIFC".utf8) { result.type = "aifc" }
      let names = [walk.texts["AUTH"], walk.texts["NAME"]].compactMap { $0 }
      result.name = ContentText.trimmed(names.joined(separator: " - ")) ?? walk.tag.title
      result.date = walk.tag.date
      return result
    }
  }

  private mutating func follow() throws -> ByteOffset {
    let size = try window.big(UInt32.self, at: 4)
    let end = try ByteOffset(8) + ByteCount(UInt64(size))
    var position: ByteOffset = 12
    var chunks = 0
    while let next = try? position + 8, next <= end {
      guard chunks < Self.mostChunks else {
        throw Malformed("IFF", "too many chunks", at: position)
      }
      chunks &+= 1
      position = try pass(at: position, within: end)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    return end
  }

  /// Takes up a chunk; returns where the next one starts.
  private mutating func pass(at start: ByteOffset, within end: ByteOffset) throws -> ByteOffset {
    let letters = try window.copy(at: start, count: 4)
    guard letters.allSatisfy({ (0x20...0x7E).contains($0) }) else {
      throw Malformed("IFF", "no chunk starts here", at: start)
    }
    let id = String(decoding: letters, as: UTF8.self)
    let size = UInt64(try window.big(UInt32.self, at: start + 4))
    let data = try start + 8
    let dataEnd = try data + ByteCount(size)
    guard dataEnd <= end else {
      throw Malformed("IFF", "a chunk reaches beyond its form", at: start)
    }
    guard dataEnd <= file.range.upperBound else { throw Truncated() }
    seen.insert(id)
    if id == "NAME" || id == "AUTH" {
      texts[id] = ContentText.text(try window.copy(at: data, count: Int(clamping: min(size, 480))))
    }
    if id == "ID3 ", let inner = try ID3Tag(&window, at: data), inner.end <= dataEnd {
      tag = try inner.describe(file)
    }
    return try dataEnd + ByteCount(size & 1)
  }

  static func signature(_ kind: String) -> Signature {
    let any = [Signature.Element](repeating: .init(0, mask: 0), count: 4)
    return Signature(
      masked: "FORM".utf8.map { Signature.Element($0) } + any
        + kind.utf8.map { Signature.Element($0) })
  }

  /// Whether the form begins with a chunk that lies inside it.
  static let resembles: @Sendable (RawSpan) -> Bool = { bytes in
    guard let size = try? bytes.big(UInt32.self, at: 4),
      let id = try? bytes.copy(at: 12, count: 4), let inner = try? bytes.big(UInt32.self, at: 16)
    else { return false }
    return id.allSatisfy { (0x20...0x7E).contains($0) } && size >= 12 && inner <= size &- 12
  }
}
