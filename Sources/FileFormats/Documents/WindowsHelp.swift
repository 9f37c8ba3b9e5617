// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Windows Help of the time before HTML: files inside, found by a tree of their names.
  ///
  ///     0  3F 5F 03 00   4  u32 directory   8  i32 first free part   12 u32 file size
  ///     a file inside: u32 reserved space, u32 used space, u8 flags, content
  ///
  /// - Source: M. Winterhoff, *Windows Help File Format*.
  package static let windowsHelp = FileFormat(
    id: "hlp", name: "Windows Help", category: .document, extensions: ["hlp", "gid", "mvb", "ann"],
    validation: .structure,
    signatures: [Signature([0x3F, 0x5F, 3, 0])], maximumSize: 0x2000_0000,
    resembles: { bytes in
      guard let directory = try? bytes.little(UInt32.self, at: 4),
        let size = try? bytes.little(UInt32.self, at: 12)
      else { return false }
      return directory >= 16 && directory < size && size < 0x2000_0000
    }
  ) { file in
    // The header is weak: it counts once the directory is there.
    let walk = try WindowsHelpWalk(file)
    return try Examination.walk("hlp", file) { try walk.examination() }
  }
}

/// The walk over the directory of a help file.
///
///     tree: 0 u16 0x293B   4 u16 page size   26 u16 root page   30 u16 pages   32 u16 levels
///           34 u32 entries, then the pages
///     leaf: 2 u16 entries   6 i16 next leaf, then names up to a NUL, each with u32 offset
private struct WindowsHelpWalk {
  private static let header: UInt64 = 9
  private let file: Source
  private let end: ByteOffset
  private let pages: ByteOffset
  private let pageSize: UInt16
  private let pageCount: UInt16
  private let entries: UInt32

  init(_ file: Source) throws {
    self.file = file
    let directory = ByteOffset(UInt64(try file.little(UInt32.self, at: 4)))
    end = ByteOffset(UInt64(try file.little(UInt32.self, at: 12)))
    let tree = try directory + ByteCount(Self.header)
    let head = try file.read(at: tree, count: 38)
    pageSize = try head.little(UInt16.self, at: 4)
    pageCount = try head.little(UInt16.self, at: 30)
    entries = try head.little(UInt32.self, at: 34)
    guard try head.little(UInt16.self, at: 0) == 0x293B, (256...8192).contains(pageSize),
      pageCount > 0, pageCount < 4096
    else { throw Malformed("Windows Help", "its directory is none", at: directory) }
    pages = try tree + 38
  }

  func examination() throws -> Examination {
    var title: String?
    var date: Timestamp?
    var found: UInt32 = 0
    for page in 0..<pageCount {
      let place = try pages + ByteCount(UInt64(page) * UInt64(pageSize))
      let bytes = try file.read(at: place, count: ByteCount(UInt64(pageSize)))
      guard let names = try? Self.names(in: bytes) else { continue }
      for (name, offset) in names {
        let start = ByteOffset(UInt64(offset))
        guard start < end, try Self.isFile(file, at: start, end: end) else {
          // An index page looks like a leaf at times; its entries lead to pages.
          if name == "|SYSTEM" {
            throw Malformed("Windows Help", "a file inside is foreign", at: min(start, end))
          }
          continue
        }
        found &+= 1
        if name == "|SYSTEM" { (title, date) = try Self.system(file, at: start) }
      }
    }
    guard found >= entries else {
      throw Malformed("Windows Help", "its directory does not name all files", at: pages)
    }
    guard end <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole("hlp", "Windows Help", end: end, and: [.payloadUnchecked])
    result.name = title
    result.date = date
    return result
  }

  private static func names(in page: [UInt8]) throws -> [(String, UInt32)] {
    var names: [(String, UInt32)] = []
    var at = 8
    for _ in 0..<(try page.little(UInt16.self, at: 2)) {
      guard let stop = page.dropFirst(at).firstIndex(of: 0), stop > at else { throw Truncated() }
      names.append(
        (
          String(decoding: page[at..<stop], as: UTF8.self),
          try page.little(UInt32.self, at: stop + 1)
        ))
      at = stop + 5
    }
    return names
  }

  private static func isFile(_ file: Source, at start: ByteOffset, end: ByteOffset) throws -> Bool {
    let head = try file.readPrefix(at: start, count: ByteCount(header))
    guard let reserved = try? head.little(UInt32.self, at: 0),
      let used = try? head.little(UInt32.self, at: 4)
    else { return false }
    let stop = start.advancedClamped(by: ByteCount(UInt64(reserved)))
    return UInt64(used) + header <= UInt64(reserved) && stop <= end
  }

  /// 0 u16 0x036C   2 u16 minor version   6 u32 time   12 the title, or records u16 kind, u16 size
  private static func system(_ file: Source, at start: ByteOffset) throws -> (String?, Timestamp?) {
    let bytes = try file.readPrefix(at: start + ByteCount(header), count: 512)
    guard try bytes.little(UInt16.self, at: 0) == 0x036C else { return (nil, nil) }
    let seconds = try bytes.little(UInt32.self, at: 6)
    let date = seconds > 0 ? Timestamp(seconds: Int64(seconds)) : nil
    guard try bytes.little(UInt16.self, at: 2) > 16 else {
      return (ContentText.text(bytes.dropFirst(12)), date)
    }
    guard try bytes.little(UInt16.self, at: 12) == 1 else { return (nil, date) }
    let count = Int(try bytes.little(UInt16.self, at: 14))
    return (ContentText.text(bytes.dropFirst(16).prefix(count)), date)
  }
}
