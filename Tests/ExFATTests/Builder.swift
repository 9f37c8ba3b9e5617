// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Fixtures
import Volumes

@testable import ExFAT

/// An exFAT volume of 200 clusters of 1 KiB: the bitmap in 2, the table of upper case in 3, the root
/// in 4. Names must be in lower case, which that table takes for the upper one.
struct Builder {
  static let clusterSize = 1024
  static let clusters: UInt32 = 200
  static let table = 24 * 512
  static let heap = 26 * 512
  static let length = heap + Int(clusters) * clusterSize

  private(set) var bytes = [UInt8](repeating: 0, count: length)
  private var root: [UInt8] = []

  init() {
    for region in [0, 12 * 512] { put(Self.bootSector(), at: region) }
    let upper: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    let sum = upper.reduce(0 as UInt32) { ($0 << 31 | $0 >> 1) &+ UInt32($1) }
    var entries = [UInt8](repeating: 0, count: 96)
    func fill(_ place: Int, _ piece: [UInt8]) {
      entries.replaceSubrange(place..<place + piece.count, with: piece)
    }
    fill(0, [0x83, 4])
    fill(2, Array("test".utf16).flatMap { little(UInt64($0), 2) })
    fill(32, [0x81])
    fill(52, little(2, 4) + little(25, 8))
    fill(64, [0x82])
    fill(68, little(UInt64(sum), 4))
    fill(84, little(3, 4) + little(4, 8))
    root = entries
    write(root, in: 4)
    write(upper, in: 3)
    for cluster in [2, 3, 4] as [UInt32] { chain([cluster]) }
    use([2, 3, 4])
    sign()
  }

  static func place(of cluster: UInt32) -> Int { heap + (Int(cluster) - 2) * clusterSize }

  /// The boot sector of such a volume.
  static func bootSector() -> [UInt8] {
    var sector: [UInt8] = [0xEB, 0x76, 0x90] + Array("EXFAT   ".utf8)
    sector += [UInt8](repeating: 0, count: 61)
    sector += little(UInt64(length / 512), 8) + little(24, 4) + little(2, 4) + little(26, 4)
    sector += little(UInt64(clusters), 4) + little(4, 4) + little(0x1234, 4) + little(0x100, 2)
    sector += [0, 0, 9, 1, 1, 0x80, 0]
    sector += [UInt8](repeating: 0, count: 510 - sector.count) + [0x55, 0xAA]
    return sector
  }

  /// Writes the checksums of both boot regions.
  mutating func sign() {
    for region in [0, 12 * 512] {
      var sum: UInt32 = 0
      for index in 0..<11 * 512 where index != 0x6A && index != 0x6B && index != 0x70 {
        sum = (sum << 31 | sum >> 1) &+ UInt32(bytes[region + index])
      }
      for word in 0..<128 { put(little(UInt64(sum), 4), at: region + 11 * 512 + word * 4) }
    }
  }

  mutating func put(_ piece: [UInt8], at place: Int) {
    bytes.replaceSubrange(place..<place + piece.count, with: piece)
  }

  mutating func write(_ piece: [UInt8], in cluster: UInt32) {
    put(piece, at: Self.place(of: cluster))
  }

  /// Says in the FAT that these follow one another, and that the last one is the last.
  mutating func chain(_ clusters: [UInt32]) {
    for (cluster, next) in zip(clusters, clusters.dropFirst() + [0xFFFF_FFFF]) {
      put(little(UInt64(next), 4), at: Self.table + Int(cluster) * 4)
    }
  }

  /// Says in the bitmap that these are in use.
  mutating func use(_ clusters: some Sequence<UInt32>) {
    for cluster in clusters {
      bytes[Self.place(of: 2) + Int(cluster - 2) / 8] |= 1 << UInt8((cluster - 2) % 8)
    }
  }

  /// Adds sets to the root.
  mutating func list(_ sets: [UInt8]...) {
    root += sets.joined()
    write(root, in: 4)
  }

  /// The set of a file or folder.
  static func set(
    _ name: String, size: Int, start: UInt32, isContiguous: Bool = true, isDeleted: Bool = false,
    isDirectory: Bool = false, valid: Int? = nil, day: UInt16 = 1
  ) -> [UInt8] {
    let units = Array(name.utf16)
    let names = (units.count + 14) / 15
    var set = [0x85, UInt8(1 + names), 0, 0, isDirectory ? 0x10 : 0x20] as [UInt8]
    set += [0, 0, 0]
    for _ in 0..<3 { set += [0x00, 0x60] + little(UInt64(44 << 9 | 1 << 5 | day), 2) }
    set += [0, 0, 0x80, 0x80, 0x80] + [UInt8](repeating: 0, count: 7)
    var hash: UInt16 = 0
    for byte in units.flatMap({ little(UInt64($0), 2) }) {
      hash = (hash << 15 | hash >> 1) &+ UInt16(byte)
    }
    set += [0xC0, isContiguous ? 3 : 1, 0, UInt8(units.count)] + little(UInt64(hash), 2) + [0, 0]
    set += little(UInt64(valid ?? size), 8) + little(0, 4) + little(UInt64(start), 4)
    set += little(UInt64(size), 8)
    for part in 0..<names {
      let piece = units.dropFirst(part * 15).prefix(15).flatMap { little(UInt64($0), 2) }
      set += [0xC1, 0] + piece + [UInt8](repeating: 0, count: 30 - piece.count)
    }
    var sum: UInt16 = 0
    for (index, byte) in set.enumerated() where index != 2 && index != 3 {
      sum = (sum << 15 | sum >> 1) &+ UInt16(byte)
    }
    set.replaceSubrange(2..<4, with: little(UInt64(sum), 2))
    if isDeleted { for index in stride(from: 0, to: set.count, by: 32) { set[index] &= 0x7F } }
    return set
  }
}

func little(_ value: UInt64, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64($0 * 8)) }
}

/// What a pass would meet in an image.
func landmarks(in bytes: [UInt8]) -> [Landmark] {
  stride(from: 0, to: bytes.count - 511, by: 512).compactMap { at in
    let offset = ByteOffset(UInt64(at))
    if bytes.holds(Array("EXFAT   ".utf8), at: at + 3) {
      return Landmark(.exfatBootSector, at: offset)
    }
    return EntrySet.length(in: bytes, at: at) == nil ? nil : Landmark(.exfatEntrySet, at: offset)
  }
}

func findings(_ bytes: [UInt8]) throws -> [Finding] {
  guard let volume = try ExFATVolume.open(Source(MemoryMedium(bytes))) else { return [] }
  var found: [Finding] = []
  try volume.visit(number: 1, landmarks: landmarks(in: bytes)) { found.append($0) }
  return found
}

extension Finding {
  /// Folder and name, as text.
  var path: String {
    ((folder ?? []) + [name].compactMap { $0 }).map(\.text).joined(separator: "/")
  }

  /// The clusters that hold the content, on a medium with nothing before the volume.
  var clusters: [UInt32] {
    content.mediumRanges.flatMap { range in
      stride(from: range.lowerBound.rawValue, to: range.upperBound.rawValue, by: 1024).map {
        UInt32(clamping: ($0 - UInt64(Builder.heap)) / 1024 + 2)
      }
    }
  }
}

extension [Finding] {
  func named(_ path: String) -> Finding? { first { $0.path == path } }
}
