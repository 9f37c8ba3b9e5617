// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What stands in for a file's own data: a link, or where somebody else keeps the data.
///
///     0  u32  tag   4  u16  bytes of data   8  data
///     links: 8  u16  offset of the target, 10  u16  its bytes, 12  u16  offset of the text to show,
///            14  u16  its bytes; then the names: at 16 in junctions, at 20 in symbolic links
///
/// - Source: Microsoft, *[MS-FSCC] File System Control Codes*, §2.1.2.
enum ReparsePoint: Hashable, Sendable {
  case link(String)
  /// Compressed by the system behind the file system's back (WOF); nil: in a way that is not handled.
  case systemCompressed(SystemCompression?)
  case deduplicated
  case other

  /// What Windows allows at most.
  static let longest: ByteCount = 0x4000

  init?(_ bytes: [UInt8]) {
    guard let tag = try? bytes.little(UInt32.self, at: 0) else { return nil }
    switch tag {
    case 0xA000_000C: self = Self.target(bytes, names: 20)
    case 0xA000_0003: self = Self.target(bytes, names: 16)
    case 0xA000_001D:
      // Linux's: a version, then the target in UTF-8.
      let length = Int((try? bytes.little(UInt16.self, at: 4)) ?? 0)
      let target = bytes.dropFirst(12).prefix(max(0, length - 4))
      self = .link(String(decoding: target, as: UTF8.self))
    case 0x8000_0017: self = .systemCompressed(SystemCompression(bytes))
    case 0x8000_0013: self = .deduplicated
    default: self = .other
    }
  }

  private static func target(_ bytes: [UInt8], names: Int) -> Self {
    func text(_ at: Int) -> String {
      guard let offset = try? bytes.little(UInt16.self, at: at),
        let length = try? bytes.little(UInt16.self, at: at + 2),
        let name = try? bytes.copy(at: names + Int(offset), count: Int(length))
      else { return "" }
      return RawUTF16(name).text
    }
    let shown = text(12)
    return .link(shown.isEmpty ? text(8) : shown)
  }
}
