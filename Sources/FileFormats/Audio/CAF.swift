// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Apple's Core Audio Format: chunks, of which the last one is not marked.
  ///
  ///     0 caff   4 u16 version, 1   6 u16 flags, 0; then chunks: type, u64 size   (big-endian)
  ///
  /// - Source: Apple, *Core Audio Format Specification 1.0*.
  package static let caf = FileFormat(
    id: "caf", name: "Core Audio sound", category: .audio, validation: .size,
    signatures: [Signature(Array("caff".utf8) + [0, 1])], maximumSize: 0x20_0000_0000,
    resembles: { bytes in
      bytes.holds(Array("desc".utf8), at: 8)
        && (try? bytes.big(UInt64.self, at: 12)).map { $0 == 32 } ?? false
    }
  ) { file in
    try Examination.walk("caf", file) {
      var walk = CAFWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the chunks of a CAF file.
private struct CAFWalk {
  private static let mostChunks = 4096
  private static let types: Set<String> = [
    "desc", "data", "pakt", "chan", "kuki", "strg", "mark", "regn", "inst", "midi", "ovvw", "peak",
    "edct", "info", "umid", "uuid", "free", "ldat",
  ]

  private let file: Source
  private var window: Window
  private var name: String?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 8
    var seen = Set<String>()
    for _ in 0..<Self.mostChunks {
      let type = String(decoding: try file.readPrefix(at: position, count: 4), as: UTF8.self)
      guard Self.types.contains(type) else { break }
      let size = try window.big(UInt64.self, at: position + 4)
      guard size != .max else {
        return .broken(at: 0, problem: "the size of its sound is not known")
      }
      let data = try position + 12
      let end = try data + ByteCount(size)
      guard end <= file.range.upperBound else { throw Truncated() }
      if type == "info" { try takeTexts(data..<end) }
      seen.insert(type)
      position = end
    }
    guard seen.isSuperset(of: ["desc", "data"]) else {
      throw Malformed("CAF", "it holds no sound", at: position)
    }
    var result = Examination.whole(
      "caf", "CAF", end: position, and: [.payloadUnchecked, .endReasoned])
    result.name = name
    return result
  }

  /// A count, and pairs of texts that each end in a zero.
  private mutating func takeTexts(_ range: Range<ByteOffset>) throws {
    let bytes = try file.read(at: range.lowerBound, count: min(range.length, 0x1_0000))
    let texts = bytes.dropFirst(4).split(separator: 0, omittingEmptySubsequences: false)
    var values: [String: String] = [:]
    for index in stride(from: 0, to: texts.count &- 1, by: 2) {
      let key = String(decoding: texts[index].prefix(40), as: UTF8.self)
      if key == "artist" || key == "title" { values[key] = ContentText.text(texts[index + 1]) }
    }
    let parts = [values["artist"], values["title"]].compactMap { $0 }
    name = ContentText.trimmed(parts.joined(separator: " - "))
  }
}
