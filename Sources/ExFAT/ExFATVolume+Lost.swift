// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension ExFATVolume {
  /// Volumes that no table lists: by their boot regions, main or backup, at likely places and where
  /// the pass met one. What a quick format left of an older volume is told by the one in force.
  package static func lost(
    in source: Source, landmarks: [Landmark], present: [PresentVolume]
  ) -> [LostVolume] {
    var found: [LostVolume] = []
    func look(at start: UInt64) -> Range<ByteOffset>? {
      let place = ByteOffset(start)
      guard start < source.length.rawValue,
        !found.contains(where: { $0.range.contains(place) }),
        let onMedium = (try? source.onMedium(place..<place.advancedClamped(by: 1)))?.first?.range,
        !present.contains(where: { hides($0, onMedium.lowerBound) }),
        let part = try? source.slice(place..<source.range.upperBound),
        let region = try? BootRegion.inForce(in: part),
        let end = try? place + ByteCount(region.boot.volumeLength)
      else { return nil }
      let range = place..<min(end, source.range.upperBound)
      guard let whole = try? source.slice(range) else { return nil }
      let volume = ExFATVolume(whole, region)
      let signs = [region.checksumHolds, volume.bitmap != nil, volume.upcase != nil]
      // A main region can be taken for the backup of a volume before it: its root tells.
      guard signs.contains(true), !region.isBackup || volume.bitmap != nil else { return nil }
      found.append(
        LostVolume(
          range: range, volume: volume, consistent: signs.count { $0 }, examined: signs.count))
      return range
    }
    var places = LikelyPlaces(in: source, beside: present)
    while let start = places.next() {
      if let range = look(at: start.rawValue) { places.found(range) }
    }
    for start in starts(of: landmarks, source) { _ = look(at: start) }
    return found
  }

  /// Whether a volume in force speaks for itself at a place: inside of it, whatever looks like a
  /// volume is a file; at its start, only another kind of volume may have been before.
  private static func hides(_ present: PresentVolume, _ place: ByteOffset) -> Bool {
    guard present.range.contains(place) else { return false }
    return place != present.range.lowerBound || present.volume is ExFATVolume
  }

  /// Where volumes would start whose boot sectors, main or backup, the pass met.
  private static func starts(of landmarks: [Landmark], _ source: Source) -> [UInt64] {
    guard let first = (try? source.onMedium(0..<1))?.first?.range?.lowerBound.rawValue else {
      return []
    }
    var starts: [UInt64] = []
    for landmark in landmarks where landmark.kind == .exfatBootSector {
      guard starts.count < 4096, landmark.offset.rawValue >= first else { continue }
      let place = landmark.offset.rawValue &- first
      for shift in 9...12 as ClosedRange<UInt64> where place >= BootRegion.sectors << shift {
        // A backup whose main region is gone.
        let start = place &- BootRegion.sectors << shift
        if let head = try? source.read(at: ByteOffset(place), count: 512),
          (try? BootSector(parsing: head))?.sectorSize == 1 << shift
        {
          starts.append(start)
        }
      }
      starts.append(place)
    }
    return starts
  }
}
