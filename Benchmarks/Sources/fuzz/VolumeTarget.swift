// SPDX-License-Identifier: Apache-2.0

import Btrfs
import Bytes
import ExFAT
import Ext
import FAT
import Findings
import Fixtures
import Foundation
import NTFS
import Volumes
import XFS

/// A libFuzzer target over file systems. The image is named by FUZZ_IMAGE; an input is a list of bytes to
/// change in its sectors that hold anything: number of the sector, place in it, and new value, five bytes
/// each (the last one is not used).
///
/// What must not happen: a trap, a hang, memory without bound, a finding beyond the medium.
enum VolumeTarget {
  private static let image: [UInt8] = {
    guard let path = getenv("FUZZ_IMAGE").map({ String(cString: $0) }),
      let data = FileManager.default.contents(atPath: path)
    else { return [] }
    return [UInt8](data)
  }()

  private static let sectors: [Int] = stride(from: 0, to: image.count, by: 512).filter { start in
    image[start..<min(start + 512, image.count)].contains { $0 != 0 }
  }

  /// Landmarks of every kind, right and wrong: whoever is given them has to look.
  private static let landmarks: [Landmark] = sectors.prefix(512).flatMap { start in
    Landmark.Kind.allCases.map { Landmark($0, at: ByteOffset(UInt64(start))) }
  }

  /// Slices of a medium are ranges, where those of bytes would be copies.
  private static let whole = Source(MemoryMedium(image))

  static func run(_ input: [UInt8]) {
    guard !sectors.isEmpty, let source = try? changed(by: input) else { return }
    for volume in volumes(in: source) {
      _ = volume.allocation()
      look(at: volume)
      let present = PresentVolume(range: source.range, volume: volume)
      for lost in lost(in: source, [present]) { look(at: lost.volume) }
    }
    for lost in lost(in: source, []) { look(at: lost.volume) }
  }

  private static func changed(by input: [UInt8]) throws -> Source {
    var values: [Int: UInt8] = [:]
    for start in stride(from: 0, to: min(input.count, 320) - 4, by: 5) {
      let number = Int(input[start]) << 8 | Int(input[start + 1])
      let place = Int(input[start + 2]) << 8 | Int(input[start + 3])
      values[sectors[number % sectors.count] + place % 512] = input[start + 4]
    }
    return try whole.patched(
      values.sorted { $0.key < $1.key }.filter { $0.key < image.count }.map {
        (start: ByteOffset(UInt64($0.key)), extent: Extent(bytes: [$0.value]))
      })
  }

  private static func volumes(in source: Source) -> [any Volume] {
    let openers: [(Source) throws -> (any Volume)?] = [
      { try FATVolume.open($0) }, { try ExFATVolume.open($0) }, { try BtrfsVolume.open($0) },
      { try XFSVolume.open($0) }, { try ExtVolume.open($0) }, { try NTFSVolume.open($0) },
      { try NTFSVolume.openByBackup($0) },
    ]
    return openers.compactMap { try? $0(source) }
  }

  private static func lost(in source: Source, _ present: [PresentVolume]) -> [LostVolume] {
    ExtVolume.lost(in: source, landmarks: landmarks, present: present)
      + BtrfsVolume.lost(in: source, landmarks: landmarks, present: present)
      + XFSVolume.lost(in: source, landmarks: landmarks, present: present)
      + NTFSVolume.lost(in: source, landmarks: landmarks, present: present)
      + ExFATVolume.lost(in: source, landmarks: landmarks, present: present)
      + FATVolume.lost(in: source, landmarks: landmarks, present: present)
  }

  private static func look(at volume: any Volume) {
    try? volume.visit(number: 1, landmarks: landmarks) { finding in
      for extent in finding.content {
        if let range = extent.range {
          precondition(range.upperBound.rawValue <= UInt64(image.count), "beyond the medium")
        }
      }
    }
  }
}
