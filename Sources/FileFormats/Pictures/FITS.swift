// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Flexible Image Transport System: units of a header of 80-character cards and data, both filled up to
  /// blocks of 2880 bytes; the cards tell the size of the data.
  ///
  /// - Source: IAU FITS Working Group, *Definition of the Flexible Image Transport System 4.0*, §3, §4.
  package static let fits = FileFormat(
    id: "fits", name: "FITS picture", category: .photo, extensions: ["fits", "fit", "fts"],
    validation: .structure,
    signatures: [Signature("SIMPLE  =                    T")], maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      (0..<80).allSatisfy { index in
        (try? bytes.little(UInt8.self, at: index)).map { (0x20...0x7E).contains($0) } ?? false
      }
    }
  ) { file in
    try Examination.walk("fits", file) {
      var walk = FITSWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the units of a FITS file.
private struct FITSWalk {
  private static let block: UInt64 = 2880
  private static let mostBlocks = 4000
  private static let mostUnits = 100_000
  private let file: Source
  private var position: ByteOffset = 0
  private var numbers: [String: Int64] = [:]
  private var name: String?
  private var date: Timestamp?

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    var hasData = false
    for unit in 0..<Self.mostUnits {
      if unit > 0, try file.readPrefix(at: position, count: 10) != Array("XTENSION= ".utf8) {
        break
      }
      try passHeader()
      let length = try dataLength()
      if length > 0 { hasData = true }
      let blocks = (length.rawValue / Self.block) &+ (length.rawValue % Self.block > 0 ? 1 : 0)
      position = try position + ByteCount(Self.block) * blocks
      guard position <= file.range.upperBound else { throw Truncated() }
    }
    var result = Examination.whole(
      "fits", "FITS", end: position, and: hasData ? [.payloadUnchecked] : [])
    result.name = name
    result.date = date
    return result
  }

  private mutating func passHeader() throws {
    numbers = [:]
    for _ in 0..<Self.mostBlocks {
      let cards = try file.read(at: position, count: ByteCount(Self.block))
      guard cards.allSatisfy({ (0x20...0x7E).contains($0) }) else {
        throw Malformed("FITS", "a header that is no text", at: position)
      }
      position = try position + ByteCount(Self.block)
      for start in stride(from: 0, to: cards.count, by: 80) {
        let card = cards[start..<(start + 80)]
        let key = String(decoding: card.prefix(8).prefix { $0 != 0x20 }, as: UTF8.self)
        if key == "END" { return }
        if card.dropFirst(8).first == 0x3D { take(key, Array(card.dropFirst(10))) }
      }
    }
    throw Malformed("FITS", "a header without end", at: position)
  }

  private mutating func take(_ key: String, _ value: [UInt8]) {
    if let first = value.firstIndex(of: 0x27) {
      let text = value[(first + 1)...].prefix { $0 != 0x27 }
      if key == "OBJECT", name == nil { name = ContentText.text(text) }
      if key == "DATE-OBS", date == nil {
        date = EXIF.moment(ContentText.text(text.prefix { $0 != 0x2E }))
      }
      return
    }
    let word = value.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0x2F }
    if numbers.count < 4096, let number = Int64(String(decoding: word, as: UTF8.self)) {
      numbers[key] = number
    }
  }

  /// The bytes of data that the cards state, not filled up.
  private func dataLength() throws -> ByteCount {
    guard let bits = numbers["BITPIX"], [8, 16, 32, 64, -32, -64].contains(bits),
      let axes = numbers["NAXIS"], (0...999).contains(axes)
    else { throw Malformed("FITS", "a header without its sizes", at: position) }
    guard axes > 0 else { return 0 }
    var count: ByteCount = 1
    for axis in 1...axes {
      guard let length = numbers["NAXIS\(axis)"], length >= 0 else {
        throw Malformed("FITS", "a header without its sizes", at: position)
      }
      // Random groups say so with a first axis of no length.
      if axis == 1, length == 0, axes > 1 { continue }
      count = try count * UInt64(length)
    }
    let parameters = max(0, numbers["PCOUNT"] ?? 0)
    let groups = max(0, numbers["GCOUNT"] ?? 1)
    return try (count + ByteCount(UInt64(parameters))) * UInt64(groups) * (bits.magnitude / 8)
  }
}
