// SPDX-License-Identifier: Apache-2.0

import Bytes
import Identification
import Partitions
import Volumes

/// What lies on a source: its partition table, and a volume or another name for each slice.
package struct Probe: Sendable {
  package let table: PartitionTable?
  package let slices: [Slice]

  /// Reads the table and opens what can be opened; damage is noted in the slices, not thrown.
  package init(_ source: Source) {
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

  private static func mediumRange(of source: Source) -> Range<ByteOffset>? {
    guard let extents = try? source.onMedium(source.range), let first = extents.first?.range,
      let last = extents.last?.range
    else { return nil }
    return first.lowerBound..<last.upperBound
  }
}
