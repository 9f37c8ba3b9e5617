// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Netpbm pictures: bits, greys or colours, as text or as bytes, any maps, and floating-point ones.
  ///
  ///     P1 P2 P3 or P4 P5 P6, blank, width, blank, height[, blank, maximum], one blank, samples
  ///     P7, line end, lines of WIDTH HEIGHT DEPTH MAXVAL TUPLTYPE up to ENDHDR, line end, samples
  ///     PF Pf, blank, width, blank, height, blank, scale, one blank, samples of four bytes
  ///
  /// - Source: Netpbm, *pbm(5)*, *pgm(5)*, *ppm(5)*, *pam(5)*; P. Debevec, *PFM Portable FloatMap*.
  package static let pnm = FileFormat(
    id: "pnm", name: "Netpbm picture", category: .photo,
    extensions: ["pnm", "pbm", "pgm", "ppm", "pam", "pfm"], validation: .size,
    signatures: ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "PF", "Pf"].flatMap { kind in
      ["\n", " ", "\r\n"].map { Signature(Array((kind + $0).utf8), alignment: 512) }
    },
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(4096, bytes.byteCount)) else {
        return false
      }
      do {
        return try PNMHeader(parsing: head).count > 0
      } catch is Truncated {
        // A long comment.
        return bytes.byteCount >= 512 && head.allSatisfy { $0 >= 0x20 || (9...13).contains($0) }
      } catch {
        return false
      }
    }
  ) { file in
    try Examination.weakWalk(file) {
      let header = try PNMHeader(parsing: file.readPrefix(at: 0, count: 4096))
      var result: Examination
      if header.isText {
        var samples = PNMSamples(file, header)
        let end = try TextEnd(in: file, after: samples.follow())
        result = .whole("pnm", "Netpbm text", end: end.offset, and: end.evidence)
      } else {
        let end = try header.data + header.length
        guard end <= file.range.upperBound else { throw Truncated() }
        result = .whole("pnm", "Netpbm", end: end, and: [.payloadUnchecked])
      }
      result.type = header.type
      return result
    }
  }
}

/// The header of a Netpbm picture.
private struct PNMHeader {
  let type: String
  let isText: Bool
  /// Whether it is text in which each digit is a sample.
  let isDigits: Bool
  /// Samples altogether.
  let count: UInt64
  let maximum: UInt64
  /// The bytes of all samples, where they are no text.
  let length: ByteCount
  let data: ByteOffset

  /// Throws `Truncated` where it goes on behind `bytes`.
  init(parsing bytes: [UInt8]) throws {
    let kind = try bytes.little(UInt8.self, at: 1)
    guard bytes[0] == 0x50 else { throw Malformed("PNM", "no mark") }
    var text = PNMText(bytes: bytes, index: 2)
    var isFloat = false
    var channels: UInt64 = 1
    var width: UInt64 = 0
    var height: UInt64 = 0
    var maximum: UInt64 = 1
    switch kind {
    case 0x37: (width, height, channels, maximum) = try text.fields()
    case 0x46, 0x66:
      (width, height) = (try text.number(), try text.number())
      isFloat = true
      try text.scale()
      channels = kind == 0x46 ? 3 : 1
    case 0x31...0x36:
      (width, height) = (try text.number(), try text.number())
      if kind != 0x31, kind != 0x34 { maximum = try text.number() }
      channels = kind == 0x33 || kind == 0x36 ? 3 : 1
    default: throw Malformed("PNM", "an unknown kind", at: 1)
    }
    guard (1...1_000_000).contains(width), (1...1_000_000).contains(height),
      (1...64).contains(channels), (1...65_535).contains(maximum)
    else { throw Malformed("PNM", "an impossible size", at: 2) }
    if kind != 0x37 { try text.blank() }
    isText = kind <= 0x33
    isDigits = kind == 0x31
    guard !isText || width &* height < 0x1000_0000 else {
      throw Malformed("PNM", "an impossible size", at: 2)
    }
    count = width &* height &* channels
    self.maximum = maximum
    data = ByteOffset(ByteCount(clamping: text.index))
    let size: UInt64 = isFloat ? 4 : maximum > 255 ? 2 : 1
    length = ByteCount(kind == 0x34 ? (width &+ 7) / 8 &* height : count &* size)
    switch kind {
    case 0x31, 0x34: type = "pbm"
    case 0x32, 0x35: type = "pgm"
    case 0x33, 0x36: type = "ppm"
    case 0x37: type = "pam"
    default: type = "pfm"
    }
  }
}

/// The words of a Netpbm header.
private struct PNMText {
  let bytes: [UInt8]
  var index: Int

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

  private func byte() throws -> UInt8 { try bytes.little(UInt8.self, at: index) }

  /// One blank.
  mutating func blank() throws {
    guard Self.isBlank(try byte()) else { throw Malformed("PNM", "no blank") }
    index += 1
  }

  /// The next word, behind blanks and comments.
  mutating func word() throws -> String {
    try blank()
    while true {
      if try byte() == 0x23 {
        while try byte() != 0x0A { index += 1 }
      } else if Self.isBlank(try byte()) {
        index += 1
      } else {
        break
      }
    }
    let start = index
    while !Self.isBlank(try byte()), index - start < 64 { index += 1 }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  mutating func number() throws -> UInt64 {
    let word = try word()
    guard word.utf8.count <= 7, word.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let value = UInt64(word)
    else { throw Malformed("PNM", "no number where one must stand") }
    return value
  }

  /// The scale of a floating-point picture, whose sign tells the byte order.
  mutating func scale() throws {
    let word = try word()
    guard
      word.utf8.allSatisfy({ (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x65].contains($0) })
    else { throw Malformed("PNM", "no scale where one must stand") }
  }

  /// The lines of an arbitrary map up to the last; `index` is then where the samples start.
  mutating func fields() throws -> (UInt64, UInt64, UInt64, UInt64) {
    var values: [String: UInt64] = [:]
    for _ in 0..<64 {
      switch try word() {
      case let key where ["WIDTH", "HEIGHT", "DEPTH", "MAXVAL"].contains(key):
        values[key] = try number()
      case "TUPLTYPE": _ = try word()
      case "ENDHDR":
        try blank()
        return (
          values["WIDTH"] ?? 0, values["HEIGHT"] ?? 0, values["DEPTH"] ?? 0, values["MAXVAL"] ?? 0
        )
      default: throw Malformed("PNM", "an unknown field")
      }
    }
    throw Malformed("PNM", "too many fields")
  }
}

/// The samples of a picture that is text.
private struct PNMSamples {
  private static let mostBlanks = 4096
  private let header: PNMHeader
  private var window: Window
  private var position: ByteOffset

  init(_ file: Source, _ header: PNMHeader) {
    self.header = header
    window = Window(file)
    position = header.data
  }

  /// Returns where the last sample ends.
  mutating func follow() throws -> ByteOffset {
    for _ in 0..<header.count {
      try skipBlanks()
      var value: UInt64 = 0
      var digits = 0
      while digits < (header.isDigits ? 1 : 6), let digit = try digit() {
        value = value &* 10 &+ digit
        digits += 1
        position = try position + 1
      }
      guard digits > 0, value <= header.maximum else {
        throw Malformed("PNM", "no sample where one must stand", at: position)
      }
    }
    return position
  }

  /// The digit here; nil for another byte, or the end of the file behind the last one.
  private mutating func digit() throws -> UInt64? {
    guard position < window.file.range.upperBound else { return nil }
    let byte = try window.byte(at: position)
    return (0x30...0x39).contains(byte) ? UInt64(byte &- 0x30) : nil
  }

  private mutating func skipBlanks() throws {
    for _ in 0..<Self.mostBlanks {
      guard PNMText.isBlank(try window.byte(at: position)) else { return }
      position = try position + 1
    }
  }
}
