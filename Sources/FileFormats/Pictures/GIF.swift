// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Graphics Interchange Format: a screen descriptor, then images and extensions up to a trailer;
  /// each image's codes are followed to their end code.
  ///
  /// - Source: CompuServe, *Graphics Interchange Format, Version 89a*.
  package static let gif = FileFormat(
    id: "gif", name: "GIF picture", category: .photo,
    validation: .decoding,
    signatures: [Signature(Array("GIF87a".utf8)), Signature(Array("GIF89a".utf8))],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let width = try? bytes.little(UInt16.self, at: 6),
        let height = try? bytes.little(UInt16.self, at: 8),
        let flags = try? bytes.little(UInt8.self, at: 10)
      else { return false }
      let table = flags & 0x80 != 0 ? 3 << (Int(flags & 7) + 1) : 0
      guard let block = try? bytes.little(UInt8.self, at: 13 + table) else {
        return bytes.byteCount >= 512
      }
      return width > 0 && height > 0 && [0x21, 0x2C].contains(block)
    }
  ) { file in
    try Examination.walk("gif", file) {
      var walk = try GIFWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over a GIF picture's blocks.
private struct GIFWalk {
  private static let mostBlocks = 1_000_000
  private var window: Window
  private var position: ByteOffset = 13
  private var images = 0
  private var allDecoded = true

  init(_ file: Source) throws {
    window = Window(file)
    try skipColourTable(flags: window.byte(at: 10))
  }

  mutating func examination() throws -> Examination {
    for _ in 0..<Self.mostBlocks {
      let start = position
      switch try window.byte(at: position) {
      case 0x3B where images > 0:
        return .whole(
          "gif", "GIF", end: try position + 1, and: allDecoded ? [.decoded("GIF")] : [])
      case 0x21: try passExtension()
      case 0x2C: try passImage()
      default: throw Malformed("GIF", "no block starts here", at: start)
      }
    }
    throw Malformed("GIF", "there are too many blocks", at: position)
  }

  private mutating func skipColourTable(flags: UInt8) throws {
    if flags & 0x80 != 0 { position = try position + ByteCount(UInt64(6) << UInt64(flags & 7)) }
  }

  private mutating func passExtension() throws {
    let label = try window.byte(at: position + 1)
    guard [0x01, 0xF9, 0xFE, 0xFF].contains(label) else {
      throw Malformed("GIF", "an extension of an unknown kind", at: position)
    }
    position = try position + 2
    while true {
      let count = try window.byte(at: position)
      position = try position + ByteCount(UInt64(count)) + 1
      if count == 0 { return }
    }
  }

  private mutating func passImage() throws {
    let start = position
    let width = try UInt64(window.little(UInt16.self, at: start + 5))
    let height = try UInt64(window.little(UInt16.self, at: start + 7))
    let flags = try window.byte(at: start + 9)
    position = try start + 10
    try skipColourTable(flags: flags)
    var codes = try GIFCodes(minimumWidth: window.byte(at: position), at: position)
    position = try position + 1
    while true {
      let count = try window.byte(at: position)
      if count == 0 { break }
      let data = try window.copy(at: position + 1, count: Int(count))
      try codes.follow(data, at: position)
      position = try position + ByteCount(UInt64(count)) + 1
    }
    position = try position + 1
    images += 1
    let isWhole = codes.pixels >= width &* height
    guard codes.hasEnded || isWhole else {
      throw Malformed("GIF", "an image ends before its end code", at: position)
    }
    if !isWhole { allDecoded = false }
  }
}
