// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// WebAssembly modules: sections in a fixed order, and custom ones anywhere, each with its size.
  /// Nothing marks the end: it is where no section stands that may follow.
  ///
  ///     0  NUL, asm   4  u32 1   8  sections: u8 id, size, content
  ///
  /// - Source: W3C, *WebAssembly Core Specification*, §5.5 "Modules".
  package static let wasm = FileFormat(
    id: "wasm", name: "WebAssembly module", category: .system, validation: .structure,
    signatures: [Signature([0x00, 0x61, 0x73, 0x6D, 0x01, 0x00, 0x00, 0x00])],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let id = try? bytes.little(UInt8.self, at: 8),
        let size = try? bytes.little(UInt8.self, at: 9)
      else { return false }
      return id <= 13 && size > 0
    }
  ) { file in
    try Examination.walk("wasm", file) {
      var walk = WebAssemblyWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the sections of a module.
private struct WebAssemblyWalk {
  /// The ids but for 0, which is custom, in the order in which they must stand.
  private static let order: [UInt8] = [1, 2, 3, 4, 5, 13, 6, 7, 8, 9, 12, 10, 11]
  private static let code: UInt8 = 10
  private let file: Source
  private var window: Window
  private var position: ByteOffset = 8
  private var title: String?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 4096)
  }

  mutating func examination() throws -> Examination {
    var rank = -1
    var sections = 0
    while position < file.range.upperBound {
      let start = position
      guard let end = try section(after: &rank) else {
        position = start
        break
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      sections += 1
      position = end
    }
    guard sections > 0 else { throw Malformed("WebAssembly", "no section stands in it", at: 8) }
    var result = Examination.whole("wasm", "WebAssembly", end: position, and: [.endReasoned])
    result.name = title
    return result
  }

  /// Where the section at `position` ends; nil where none stands that may follow.
  private mutating func section(after rank: inout Int) throws -> ByteOffset? {
    let id = try window.byte(at: position)
    position = try position + 1
    guard let size = try? number(), size > 0 else { return nil }
    let end = try position + ByteCount(UInt64(size))
    guard id > 0 else { return try custom(to: end) ? end : nil }
    guard let place = Self.order.firstIndex(of: id), place > rank else { return nil }
    // What a section holds begins with its count; only the start function and the count of data have
    // none.
    if id == Self.code {
      for _ in 0..<(try number()) {
        let body = try number()
        position = try position + ByteCount(UInt64(body))
        guard position <= end else {
          throw Malformed("WebAssembly", "a function reaches beyond its section", at: position)
        }
      }
      guard position == end || end > file.range.upperBound else {
        throw Malformed("WebAssembly", "functions do not fill their section", at: position)
      }
    }
    rank = place
    return end
  }

  /// Whether a custom section's name can be one; the module's own is kept.
  private mutating func custom(to end: ByteOffset) throws -> Bool {
    guard let count = try? number(), count > 0, count <= 512,
      let stop = try? position + ByteCount(UInt64(count)), stop <= end,
      let name = try? window.copy(at: position, count: Int(count)),
      name.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
    else { return false }
    position = stop
    // The first part of `name`, of kind 0, is the module's name.
    if name == Array("name".utf8), (try? window.byte(at: position)) == 0 {
      position = try position + 1
      if (try? number()) != nil, let length = try? number(), length < 1024 {
        title = ContentText.text(
          try file.readPrefix(at: position, count: ByteCount(UInt64(length))))
      }
    }
    return true
  }

  /// A number of 1 to 5 bytes of seven bits, the lowest first.
  private mutating func number() throws -> UInt32 {
    var value: UInt64 = 0
    for index in 0..<5 {
      let byte = try window.byte(at: position)
      position = try position + 1
      value |= UInt64(byte & 0x7F) << (7 * UInt64(index))
      if byte & 0x80 == 0, value <= UInt64(UInt32.max) { return UInt32(value) }
    }
    throw Malformed("WebAssembly", "a number that is too long", at: position)
  }
}
