// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

@testable import FAT

/// A FAT32 volume of 600 clusters of 512 bytes: 32 reserved sectors, two FATs of five, the root in
/// cluster 2.
struct LargeBuilder {
  static let tables = [32 * 512, 37 * 512]
  static let dataStart = 42 * 512
  static let length = dataStart + 600 * 512

  private(set) var bytes = [UInt8](repeating: 0, count: length)

  init() {
    for sector in [0, 6] {
      put([0xEB, 0x58, 0x90], at: sector * 512)
      put([0x00, 0x02, 1, 32, 0, 2, 0, 0, 0, 0, 0xF8], at: sector * 512 + 0x0B)
      put(little(Self.length / 512, 4) + little(5, 4), at: sector * 512 + 0x20)
      put(little(2, 4), at: sector * 512 + 0x2C)
      put(Array("FAT32   ".utf8), at: sector * 512 + 0x52)
      put([0x55, 0xAA], at: sector * 512 + 0x1FE)
    }
    for table in Self.tables { put([0xF8, 0xFF, 0xFF, 0x0F, 0xFF, 0xFF, 0xFF, 0x0F], at: table) }
    chain([2])
  }

  static func place(of cluster: Int) -> Int { dataStart + (cluster - 2) * 512 }

  mutating func put(_ piece: [UInt8], at place: Int) {
    bytes.replaceSubrange(place..<place + piece.count, with: piece)
  }

  mutating func write(_ piece: [UInt8], in cluster: Int) { put(piece, at: Self.place(of: cluster)) }

  mutating func chain(_ clusters: [Int]) {
    for (cluster, next) in zip(clusters, clusters.dropFirst() + [0x0FFF_FFFF]) {
      for table in Self.tables { put(little(next, 4), at: table + cluster * 4) }
    }
  }

  static func dots(_ own: Int, parent: Int) -> [UInt8] {
    VolumeBuilder.entry(".          ", 0x10, cluster: own)
      + VolumeBuilder.entry("..         ", 0x10, cluster: parent)
  }

  /// FOLDER in 3 with INNER in 5; IN.TXT in 7, 9 and TOP.TXT in 12; a deleted file in 20.
  static func sample() -> LargeBuilder {
    var volume = LargeBuilder()
    volume.write(
      VolumeBuilder.entry("LABEL      ", 0x08, cluster: 0)
        + VolumeBuilder.entry("FOLDER     ", 0x10, cluster: 3)
        + VolumeBuilder.entry("TOP     TXT", cluster: 12, size: 300), in: 2)
    volume.write(dots(3, parent: 0) + VolumeBuilder.entry("INNER      ", 0x10, cluster: 5), in: 3)
    volume.write(
      dots(5, parent: 3) + VolumeBuilder.entry("IN      TXT", cluster: 7, size: 700)
        + VolumeBuilder.deleted(VolumeBuilder.entry("GONE    TXT", cluster: 20, size: 600)), in: 5)
    for chain in [[3], [5], [7, 9], [12]] { volume.chain(chain) }
    for cluster in [7, 9, 12, 20, 21] {
      volume.write([UInt8](repeating: UInt8(cluster), count: 512), in: cluster)
    }
    return volume
  }
}

func little(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
}

/// What a pass would meet in an image.
func landmarks(in bytes: [UInt8]) -> [Landmark] {
  stride(from: 0, to: bytes.count - 511, by: 512).compactMap { at in
    let kind: Landmark.Kind? =
      if bytes.holds(Array(".          ".utf8), at: at), bytes.holds([0x2E, 0x2E], at: at + 32) {
        .fatDirectory
      } else if bytes.holds(Array("FAT32   ".utf8), at: at + 0x52) {
        .fatBootSector
      } else if bytes.holds([0xF8, 0xFF, 0xFF], at: at) {
        .fatTable
      } else {
        nil
      }
    return kind.map { Landmark($0, at: ByteOffset(UInt64(at))) }
  }
}

extension Finding {
  /// Folder and name, as text.
  var path: String {
    ((folder ?? []) + [name].compactMap { $0 }).map(\.text).joined(separator: "/")
  }
}

extension [Finding] {
  func named(_ path: String) -> Finding? { first { $0.path == path } }
}
