// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// The walk over an archive: members end to end, then the directory that must name just them, then its
/// end record.
struct ZIPWalk {
  private static let mostMembers = 2_000_000
  private static let mostOutput: UInt64 = 1 << 36
  private var file: Source
  private var position: ByteOffset = 0
  private var starts: [ByteOffset] = []
  private var proven: UInt64 = 0
  private var kind = ZIPKind()

  init(_ file: Source) { self.file = file }

  /// Behind the last member that is whole.
  var checkpoint: Checkpoint {
    var walk = self
    try? walk.members()
    return Checkpoint { [walk] file in
      var walk = walk
      walk.file = file
      return try walk.examination()
    }
  }

  func examination() throws -> Examination {
    var walk = self
    do {
      try walk.members()
      return try walk.directory()
    } catch is Truncated {
      return walk.typed(.truncated(at: ByteOffset(file.length), evidence: walk.evidence))
    } catch let error as Malformed {
      return walk.typed(
        .broken(
          at: min(error.offset, file.range.upperBound), problem: error.problem,
          evidence: walk.evidence
        ).doubtful(
          from: walk.position,
          to: error.noticed ?? max(error.offset, walk.position.advancedClamped(by: 0x1000))))
    } catch let error as Unsupported {
      return walk.typed(
        .broken(
          at: walk.position, problem: "not handled: \(error.feature)", evidence: walk.evidence))
    }
  }

  private var evidence: [Evidence] { [.headerMatched("zip")] }

  private mutating func members() throws {
    var budget = Self.mostOutput
    while true {
      switch try file.read(at: position, count: 4) {
      case [0x50, 0x4B, 3, 4]:
        if let end = try fillerEnd() {
          position = end
          continue
        }
        guard starts.count < Self.mostMembers else {
          throw Malformed("ZIP", "there are too many members", at: position)
        }
        let member = try ZIPMember(in: file, at: position)
        let check = try member.check(
          in: file, collect: kind.wanted(of: member.name), budget: &budget)
        guard check.end <= file.range.upperBound else { throw Truncated() }
        kind.learn(member.name, check.output)
        starts.append(position)
        if check.isProven { proven &+= 1 }
        position = check.end
      case [0x50, 0x4B, 1, 2], [0x50, 0x4B, 5, 6], [0x50, 0x4B, 6, 6]: return
      default:
        guard let end = try signingBlockEnd() else {
          throw Malformed("ZIP", "something foreign stands between its members", at: position)
        }
        position = end
      }
    }
  }

  /// Android's packer fills gaps with headers of members without name or data, which the directory
  /// does not know.
  private func fillerEnd() throws -> ByteOffset? {
    let header = try file.read(at: position, count: 30)
    guard !starts.isEmpty, header[14..<28].allSatisfy({ $0 == 0 }) else { return nil }
    return try position + 30 + ByteCount(UInt64(header.little(UInt16.self, at: 28)))
  }

  /// Whether a member starts there; starts are in order.
  private func isMember(_ offset: ByteOffset) -> Bool {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] < offset { low = middle + 1 } else { high = middle }
    }
    return low < starts.count && starts[low] == offset
  }

  /// Android keeps signatures between members and directory: a length, pairs, the length, a mark.
  ///
  /// - Source: Android Open Source Project, *APK Signature Scheme v2*.
  private func signingBlockEnd() throws -> ByteOffset? {
    let length = try file.little(UInt64.self, at: position)
    guard !starts.isEmpty, length >= 24, length < 1 << 28 else { return nil }
    let end = try position + 8 + ByteCount(length)
    guard end <= file.range.upperBound,
      try file.read(at: position + 8 + ByteCount(length - 16), count: 16)
        == Array("APK Sig Block 42".utf8)
    else { return nil }
    return end
  }

  /// Reads the central directory and its end record.
  ///
  ///     directory: 0 50 4B 01 02  28 u16 name  30 u16 extra  32 u16 comment  42 u32 local header
  ///     end:       0 50 4B 05 06  10 u16 entries  12 u32 size  16 u32 offset  20 u16 comment
  private func directory() throws -> Examination {
    let first = position
    var at = position
    var index = 0
    while try file.read(at: at, count: 4) == [0x50, 0x4B, 1, 2] {
      let entry = try file.read(at: at, count: 46)
      let offset = UInt64(try entry.little(UInt32.self, at: 42))
      guard index < starts.count,
        offset == 0xFFFF_FFFF || starts[index].rawValue == offset || isMember(ByteOffset(offset))
      else {
        throw Malformed("ZIP", "its directory names members that are not here", at: first)
      }
      var length: UInt64 = 46
      for field in [28, 30, 32] { length += UInt64(try entry.little(UInt16.self, at: field)) }
      at = try at + ByteCount(length)
      index += 1
    }
    // A member that was replaced may still stand there, and no entry names it.
    guard index > 0 || starts.isEmpty else {
      throw Malformed("ZIP", "its directory names none of its members", at: first)
    }
    if try file.read(at: at, count: 4) == [0x50, 0x4B, 5, 5] {
      at = try at + 6 + ByteCount(UInt64(file.little(UInt16.self, at: at + 4)))
    }
    if try file.read(at: at, count: 4) == [0x50, 0x4B, 6, 6] {
      at = try at + 12 + ByteCount(file.little(UInt64.self, at: at + 4))
      guard try file.read(at: at, count: 4) == [0x50, 0x4B, 6, 7] else {
        throw Malformed("ZIP", "its end record is wrong", at: at)
      }
      at = try at + 20
    }
    let end = try file.read(at: at, count: 22)
    let offset = UInt64(try end.little(UInt32.self, at: 16))
    guard end.holds([0x50, 0x4B, 5, 6], at: 0),
      offset == 0xFFFF_FFFF || offset == first.rawValue
    else { throw Malformed("ZIP", "its end record is wrong", at: at) }
    at = try at + 22 + ByteCount(UInt64(end.little(UInt16.self, at: 20)))
    guard at <= file.range.upperBound else { throw Truncated() }
    return typed(complete(at: at))
  }

  private func complete(at end: ByteOffset) -> Examination {
    let isProven = proven == UInt64(starts.count) && proven > 0
    return .whole(
      "zip", "ZIP", end: end,
      and: isProven ? [.checksumsHold(count: proven, kind: "CRC-32")] : [.payloadUnchecked])
  }

  private func typed(_ examination: Examination) -> Examination {
    var result = examination
    result.type = kind.type
    result.name = kind.title
    result.date = kind.date
    // What starts with a later member of a broken archive would break where this one does.
    if result.end != .complete {
      result.children = starts.dropFirst().map {
        Examination.Child(type: "zip", range: $0..<$0.advancedClamped(by: 4))
      }
    }
    return result
  }
}

extension Source {
  /// The CRC-32 of a range, read in pieces.
  func crc32(of range: Range<ByteOffset>) throws -> UInt32 {
    var crc = CRC32()
    try add(range, to: &crc)
    return crc.value
  }

  /// Sums up a range, read in pieces.
  func add(_ range: Range<ByteOffset>, to crc: inout CRC32) throws {
    var position = range.lowerBound
    while position < range.upperBound {
      let next = min(position.advancedClamped(by: 0x10_0000), range.upperBound)
      try withBytes(in: position..<next) { crc.update($0) }
      position = next
    }
  }
}
