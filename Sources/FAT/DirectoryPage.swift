// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What one cluster of a directory tells of the clusters before and behind it.
struct DirectoryPage {
  /// The checksum of a long name that began in an earlier cluster, and whether it can end here.
  private let headChecksum: UInt8?
  private let headIsLast: Bool
  private let firstShort: [UInt8]?
  /// The checksum of a long name that goes on in the next cluster.
  private let openChecksum: UInt8?
  /// The low 16 bits of the cluster behind the last file named here.
  let following: UInt16?
  /// The low 16 bits of the first clusters of the folders named here.
  let folders: [UInt16]
  /// Whether entries fill the cluster.
  let isFull: Bool

  init(parsing bytes: [UInt8], _ boot: BootSector) {
    var head: UInt8?
    var isLast = true
    var short: [UInt8]?
    var open: UInt8?
    var following: UInt16?
    var folders: [UInt16] = []
    var index = 0
    while index + 32 <= bytes.count, bytes[index] != 0 {
      if bytes[index + 11] & 0x3F == 0x0F {
        if short == nil, head == nil {
          head = bytes[index + 13]
          isLast = DirectoryParser.unitPlaces.contains { place in
            let unit = (bytes[index + place], bytes[index + place + 1])
            return unit == (0, 0) || unit == (0xFF, 0xFF)
          }
        }
        open = bytes[index + 13]
      } else {
        if short == nil { short = Array(bytes[index..<(index + 11)]) }
        open = nil
        let low = UInt16(bytes[index + 26]) | UInt16(bytes[index + 27]) << 8
        let size = (try? bytes.little(UInt32.self, at: index + 28)) ?? 0
        if size > 0 { following = low &+ UInt16(truncatingIfNeeded: boot.clusters(for: size)) }
        if bytes[index + 11] & 0x10 != 0, bytes[index] != 0x2E { folders.append(low) }
      }
      index += 32
    }
    headChecksum = head
    headIsLast = isLast
    firstShort = short
    openChecksum = open
    self.following = following
    self.folders = folders
    isFull = index + 32 > bytes.count
  }

  /// Whether `other` may be the next cluster: 2 a long name runs from this one into it, 1 nothing
  /// speaks against it, 0 no.
  func fit(before other: DirectoryPage) -> Int {
    guard let openChecksum else {
      return other.headChecksum == nil || other.headIsLast ? 1 : 0
    }
    if let head = other.headChecksum { return head == openChecksum ? 2 : 0 }
    guard let short = other.firstShort else { return 0 }
    let first = ShortName.firstByte(before: Array(short.dropFirst()), checksum: openChecksum)
    let isLetter = first > 0x80 || (first > 0x20 && first < 0x7F)
    return isLetter && (short[0] == first || short[0] == 0xE5) ? 2 : 0
  }

  /// Whether a cluster holds directory entries and nothing else.
  ///
  /// - Parameter isRoot: whether the volume's label may be among them.
  static func isPlausible(
    _ bytes: RawSpan, at start: Int, count: Int, isRoot: Bool = false
  ) -> Bool {
    var entries = 0
    var offset = start
    let end = start + count
    while offset + 32 <= end {
      guard let first = try? bytes.little(UInt8.self, at: offset),
        let attributes = try? bytes.little(UInt8.self, at: offset + 11),
        let flags = try? bytes.little(UInt8.self, at: offset + 12)
      else { return false }
      if first == 0 { return entries > 0 }
      // A directory begins in the midst: that of a volume with smaller clusters.
      if first == 0x2E, entries > 1 { return false }
      if attributes == 0x0F {
        let order = first & 0x3F
        guard flags == 0, (try? bytes.little(UInt16.self, at: offset + 26)) == 0,
          first == 0xE5 || (1...20).contains(order)
        else { return false }
      } else {
        guard attributes & (isRoot ? 0xC0 : 0xC8) == 0, flags & 0xE7 == 0 else { return false }
        for index in 1..<11 {
          guard let byte = try? bytes.little(UInt8.self, at: offset + index), byte >= 0x20
          else { return false }
        }
      }
      entries += 1
      offset += 32
    }
    return entries > 0
  }
}
