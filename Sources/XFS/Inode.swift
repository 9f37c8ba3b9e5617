// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// An inode: what a file is, and the fork that says where its bytes are.
///
///     0x00  u16  "IN"            0x02  u16  type and permissions; 0: free
///     0x04  u8   version (1-3)   0x05  u8   format of the data fork
///     0x06  u16  links (version 1) 0x10 u32 links
///     0x18  u64  extents, where the flag for large counts is set
///     0x20  u64  accessed        0x28  u64  modified
///     0x30  u64  changed         0x38  u64  size, bytes
///     0x4C  u32  extents         0x52  u8   start of the attribute fork, in 8 bytes; 0: none
///     0x5A  u16  flags           0x5C  u32  generation
///     version 3: 0x64 u32 CRC-32C; 0x78 u64 more flags; 0x90 u64 created; 0x98 u64 number;
///     0xA0 u8×16 UUID
///     then, from 0x64 or 0xB0 on, the data fork
///
/// A freed inode has neither type nor size nor extents any more, but its fork stays as it was. In the log
/// the same fields stand in the byte order of the machine.
///
/// - Source: *XFS Algorithms & Data Structures*, "On-disk Inode".
struct Inode: Sendable {
  enum Kind: Sendable, Hashable { case free, file, folder, symbolicLink, other }

  /// How the data fork is to be read.
  enum Format: UInt8, Sendable { case device, local, extents, tree, other }

  let version: UInt8
  let kind: Kind
  let format: Format
  let links: UInt32
  let size: ByteCount
  let extentCount: UInt64
  let generation: UInt32
  let times: Times
  let isRealtime: Bool
  /// Metadata in the form of a file, which no directory lists.
  let isHidden: Bool
  /// Whether blocks of it may be another file's too (reflink).
  let isClone: Bool
  /// The number that it gives itself (version 3).
  let number: UInt64?
  let uuid: [UInt8]?
  /// The bytes of the data fork.
  let fork: [UInt8]
  /// Everything behind the fixed fields: where the forks of a freed inode were.
  let literal: [UInt8]

  /// Nil for bytes that are no inode.
  ///
  /// - Parameter isLogged: the fields stand in little-endian order; the forks, if any, do not follow.
  init?(_ bytes: [UInt8], isLogged: Bool = false) {
    func word<T: FixedWidthInteger>(_ type: T.Type, _ at: Int) throws -> T {
      isLogged ? try bytes.little(type, at: at) : try bytes.big(type, at: at)
    }
    do {
      guard try word(UInt16.self, 0) == 0x494E else { return nil }
      version = try word(UInt8.self, 4)
      guard (1...3).contains(version) else { return nil }
      let mode = try word(UInt16.self, 2)
      kind = Self.kind(mode)
      format = Format(rawValue: try word(UInt8.self, 5)) ?? .other
      links =
        version == 1 ? UInt32(try word(UInt16.self, 6)) : try word(UInt32.self, 0x10)
      size = ByteCount(try word(UInt64.self, 0x38))
      let moreFlags = version == 3 ? try word(UInt64.self, 0x78) : 0
      extentCount =
        moreFlags & 0x10 != 0 ? try word(UInt64.self, 0x18) : UInt64(try word(UInt32.self, 0x4C))
      let flags = try word(UInt16.self, 0x5A)
      isRealtime = flags & 1 != 0 && mode & 0xF000 == 0x8000
      isHidden = moreFlags & 0x20 != 0
      isClone = moreFlags & 2 != 0
      generation = try word(UInt32.self, 0x5C)
      let isBig = moreFlags & 8 != 0
      func time(_ at: Int) throws -> Timestamp? {
        if isBig { return Timestamp(sinceBigEpoch: try word(UInt64.self, at)) }
        let nanoseconds = try word(UInt32.self, at + 4)
        return Timestamp(
          seconds: Int64(try word(Int32.self, at)),
          nanoseconds: nanoseconds < 1_000_000_000 ? Int64(nanoseconds) : 0)
      }
      times = Times(
        created: version == 3 ? try time(0x90) : nil, modified: try time(0x28),
        changed: try time(0x30), accessed: try time(0x20))
      number = version == 3 ? try word(UInt64.self, 0x98) : nil
      uuid = version == 3 ? try bytes.copy(at: 0xA0, count: 16) : nil
      literal = Array(bytes.dropFirst(version == 3 ? 0xB0 : 0x64))
      let forkEnd = Int(try word(UInt8.self, 0x52)) * 8
      fork = forkEnd > 0 ? Array(literal.prefix(forkEnd)) : literal
    } catch {
      return nil
    }
  }

  private static func kind(_ mode: UInt16) -> Kind {
    switch mode & 0xF000 {
    case 0x8000: .file
    case 0x4000: .folder
    case 0xA000: .symbolicLink
    case 0 where mode == 0: .free
    default: .other
    }
  }

  /// Whether a file or folder lives here.
  var isInUse: Bool { kind != .free }

  /// What a directory entry calls this kind.
  var entryType: UInt8 {
    switch kind {
    case .file: 1
    case .folder: 2
    case .symbolicLink: 7
    case .free, .other: 0
    }
  }

  var findingKind: Finding.Kind {
    switch kind {
    case .file: .file
    case .folder: .folder
    case .symbolicLink: .symbolicLink
    case .free, .other: .other
    }
  }
}

extension Timestamp {
  /// Nanoseconds from 1901-12-13 20:45:52 UTC on, the earliest that 32 bits of seconds reach.
  init?(sinceBigEpoch raw: UInt64) {
    let (seconds, rest) = raw.quotientAndRemainder(dividingBy: 1_000_000_000)
    self.init(seconds: Int64(seconds) - 0x8000_0000, nanoseconds: Int64(rest))
  }
}
