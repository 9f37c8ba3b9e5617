// SPDX-License-Identifier: Apache-2.0

import Bytes
import Identification
import Partitions
import Volumes

/// What lies on a source: its partition table, and a volume or another name for each slice.
package struct Probe: Sendable {
  package let table: PartitionTable?
  /// Parts of the medium, then volumes that are no longer in force.
  package private(set) var slices: [Slice]
  private let source: Source

  /// Reads the table and opens what can be opened; damage is noted in the slices, not thrown.
  package init(_ source: Source) {
    self.source = source
    let table = PartitionTable.read(source)
    self.table = table
    var slices: [Slice] = []
    var number: UInt16 = 0
    func add(_ part: Source, _ partition: Partition?) {
      let (volume, problem) = Self.open(part)
      if volume != nil { number += 1 }
      guard let range = Self.mediumRange(of: part) else { return }
      slices.append(
        Slice(
          partition: partition, range: range, source: part, volume: volume,
          number: volume == nil ? 0 : number, identity: identify(part), problem: problem))
    }
    for entry in table?.partitions ?? [] where number < .max {
      if let part = try? source.slice(entry.range) { add(part, entry) }
    }
    if slices.isEmpty { add(source, nil) }
    self.slices = slices
  }

  /// Adds the volumes that are no longer in force: unlisted, or formatted over.
  ///
  /// - Parameter landmarks: what a pass met, sorted by offset; none before a pass, when only what a
  ///   few reads tell is found.
  package func searchingLost(landmarks: [Landmark] = []) -> Self {
    let present = slices.compactMap { slice in
      slice.volume.map { PresentVolume(range: slice.range, volume: $0) }
    }
    var found: [LostVolume] = []
    for search in FileSystems.lost { found += search(source, landmarks, present) }
    var result = self
    var number = slices.map(\.number).max() ?? 0
    for lost in found.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) where number < .max
    {
      guard let part = try? source.slice(lost.range), let range = Self.mediumRange(of: part) else {
        continue
      }
      number += 1
      var slice = Slice(
        partition: nil, range: range, source: part, volume: lost.volume, number: number,
        identity: nil, problem: nil)
      slice.support = Slice.Support(consistent: lost.consistent, examined: lost.examined)
      slice.isOverlaid = present.contains { $0.range.overlaps(range) }
      result.slices.append(slice)
    }
    return result
  }

  private static func open(_ source: Source) -> ((any Volume)?, problem: String?) {
    var problem: String?
    for open in FileSystems.all {
      do {
        if let volume = try open(source) { return (volume, nil) }
      } catch let error as Malformed {
        problem = error.description
      } catch let error as Unsupported {
        problem = "not handled: \(error.feature)"
      } catch let error as ReadError {
        problem = "\(error.what): \(error.place)"
      } catch {
        problem = "its first structures cannot be read"
      }
    }
    return (nil, problem)
  }

  /// From its first byte on the medium to its last.
  static func mediumRange(of source: Source) -> Range<ByteOffset>? {
    guard let extents = try? source.onMedium(source.range), let first = extents.first?.range,
      let last = extents.last?.range
    else { return nil }
    return first.lowerBound..<last.upperBound
  }
}
