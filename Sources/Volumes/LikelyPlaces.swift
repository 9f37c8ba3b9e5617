// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where volumes start as a rule: the few places worth a look for one that no table lists, before
/// anything was scanned.
///
/// Take places until there are none; report each volume that is found, since the next one may start
/// behind it:
///
///     var places = LikelyPlaces(in: source, beside: present)
///     while let start = places.next() { if let volume = … { places.found(volume.range) } }
package struct LikelyPlaces {
  /// Partitions begin at multiples of this, as all tools have made them since about 2008.
  private static let alignment: UInt64 = 0x10_0000
  /// How far out every multiple is tried.
  private static let reach: UInt64 = 0x400_0000
  /// A partition behind the first track of 63 sectors, as older tools made it.
  private static let track: UInt64 = 63 * 512
  /// So many places at most are looked at.
  private static let most = 1024

  private let end: UInt64
  private var pending: [UInt64] = []
  private var tried: Set<UInt64> = []
  private var inForce: [Range<UInt64>] = []

  /// - Parameters:
  ///   - source: what is searched; places are offsets in it.
  ///   - present: the volumes in force. No place lies inside one, but their own starts are places:
  ///     another file system may have been there before.
  package init(in source: Source, beside present: [PresentVolume]) {
    end = source.length.rawValue
    let first = (try? source.onMedium(0..<1))?.first?.range?.lowerBound.rawValue ?? 0
    for volume in present where volume.range.upperBound.rawValue > first {
      let start = volume.range.lowerBound.rawValue
      inForce.append(start &- min(start, first)..<volume.range.upperBound.rawValue &- first)
    }
    pending = [0, Self.track]
    pending += stride(from: Self.alignment, through: Self.reach, by: Int(Self.alignment))
    pending += inForce.map(\.lowerBound)
    for range in inForce { addBehind(range.upperBound) }
    pending.reverse()
  }

  /// The next place to look at; nil when all were.
  package mutating func next() -> ByteOffset? {
    while let place = pending.popLast() {
      guard place < end, tried.count < Self.most, !isInside(place), tried.insert(place).inserted
      else { continue }
      return ByteOffset(place)
    }
    return nil
  }

  /// A volume was found: nothing else starts inside it, but something may behind it.
  package mutating func found(_ volume: Range<ByteOffset>) {
    inForce.append(volume.lowerBound.rawValue..<volume.upperBound.rawValue)
    addBehind(volume.upperBound.rawValue)
  }

  private mutating func addBehind(_ place: UInt64) {
    pending.append(place)
    let (sum, overflow) = place.addingReportingOverflow(Self.alignment - 1)
    if !overflow { pending.append(sum / Self.alignment * Self.alignment) }
  }

  private func isInside(_ place: UInt64) -> Bool {
    inForce.contains { $0.contains(place) && $0.lowerBound != place }
  }
}
