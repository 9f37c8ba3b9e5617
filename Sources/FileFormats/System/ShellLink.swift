// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows shortcut: a header that says which parts follow, then blocks up to one of less than four
  /// bytes.
  ///
  /// | Offset | Size | Field         | Unit                                                       |
  /// |-------:|-----:|---------------|------------------------------------------------------------|
  /// |   0x00 |    4 | header size   | 0x4C                                                       |
  /// |   0x04 |   16 | class         |                                                            |
  /// |   0x14 |    4 | flags         | 0 list of items, 1 link info, 2 to 6 strings, 7 wide text  |
  /// |   0x3C |    4 | show command  |                                                            |
  /// |   0x42 |   10 | reserved      | zero                                                       |
  ///
  /// - Source: Microsoft, *[MS-SHLLINK] Shell Link Binary File Format*, §2.
  package static let shellLink = FileFormat(
    id: "lnk", name: "Windows shortcut", category: .system, validation: .structure,
    signatures: [
      Signature([
        0x4C, 0, 0, 0, 0x01, 0x14, 0x02, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46,
      ])
    ],
    maximumSize: 0x100_0000,
    resembles: { bytes in
      guard let flags = try? bytes.little(UInt32.self, at: 0x14) else { return false }
      // A shortcut to nothing is only somebody's list of signatures.
      return flags < 0x800_0000 && flags & 0x7F != 0 && bytes.holds([0, 0], at: 0x42)
    }
  ) { file in
    try Examination.walk("lnk", file) { try ShellLinkWalk(file).examination() }
  }
}

/// The walk over the parts of a shortcut.
private struct ShellLinkWalk {
  private enum Flag {
    static let itemList: UInt32 = 1
    static let linkInfo: UInt32 = 2
    static let relativePath: UInt32 = 8
    static let strings: [UInt32] = [4, 8, 0x10, 0x20, 0x40]
    static let wideText: UInt32 = 0x80
  }

  private static let mostBlocks = 64
  private static let mostBlockSize: UInt32 = 0x40_0000
  private let file: Source
  private var position: ByteOffset = 0x4C
  private var target: String?

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var walk = self
    let flags = try file.little(UInt32.self, at: 0x14)
    if flags & Flag.itemList != 0 { try walk.takeItems() }
    if flags & Flag.linkInfo != 0 { try walk.takeLinkInfo() }
    for flag in Flag.strings where flags & flag != 0 {
      try walk.takeString(isWide: flags & Flag.wideText != 0, isPath: flag == Flag.relativePath)
    }
    try walk.takeBlocks()
    var result = Examination.whole("lnk", "shortcut", end: walk.position)
    result.name = WindowsText.lastComponent(walk.target)
    return result
  }

  /// A size, then items, each with its size, up to one of zero.
  private mutating func takeItems() throws {
    let size = Int(try file.little(UInt16.self, at: position))
    let list = try file.read(at: position + 2, count: ByteCount(clamping: size))
    var at = 0
    while true {
      let item = Int(try list.little(UInt16.self, at: at))
      if item == 0 { break }
      guard item > 2, at + item <= list.count else {
        throw Malformed("shortcut", "an item does not fit its list", at: position)
      }
      at += item
    }
    position = try position + 2 + ByteCount(clamping: size)
  }

  /// A size, the size of its header, flags; the offset of a path at 0x10 if flag 0 says so.
  private mutating func takeLinkInfo() throws {
    let size = try file.little(UInt32.self, at: position)
    guard size >= 0x1C, size <= 0x1_0000 else {
      throw Malformed("shortcut", "its link info is of \(size) bytes", at: position)
    }
    let info = try file.read(at: position, count: ByteCount(UInt64(size)))
    let header = try info.little(UInt32.self, at: 4)
    guard header >= 0x1C, header <= size, try info.little(UInt32.self, at: 8) < 4 else {
      throw Malformed("shortcut", "its link info is wrong", at: position)
    }
    for field in [0x0C, 0x10, 0x14, 0x18] where try info.little(UInt32.self, at: field) >= size {
      throw Malformed("shortcut", "its link info points beyond itself", at: position)
    }
    if try info.little(UInt32.self, at: 8) & 1 != 0 {
      let path = Int(clamping: try info.little(UInt32.self, at: 0x10))
      target = ContentText.text(info.dropFirst(path))
    }
    position = try position + ByteCount(UInt64(size))
  }

  /// A count of characters, then those.
  private mutating func takeString(isWide: Bool, isPath: Bool) throws {
    let count = UInt64(try file.little(UInt16.self, at: position))
    let length = ByteCount(isWide ? 2 * count : count)
    let bytes = try file.read(at: position + 2, count: length)
    if isPath, target == nil {
      target = isWide ? WindowsText.wide(bytes) : ContentText.text(bytes)
    }
    position = try position + 2 + length
  }

  /// Blocks of a size and a signature from 0xA0000001 on; a size of less than four is the end.
  private mutating func takeBlocks() throws {
    for _ in 0..<Self.mostBlocks {
      let size = try file.little(UInt32.self, at: position)
      if size < 4 {
        position = try position + 4
        return
      }
      guard size >= 8, size <= Self.mostBlockSize,
        (0xA000_0000...0xA000_00FF).contains(try file.little(UInt32.self, at: position + 4))
      else { throw Malformed("shortcut", "no block starts here", at: position) }
      position = try position + ByteCount(UInt64(size))
    }
    throw Malformed("shortcut", "there are too many blocks", at: position)
  }
}
