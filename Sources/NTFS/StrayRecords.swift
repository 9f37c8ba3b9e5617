// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// Records of no known MFT, put together to volumes: where those started and how large their clusters
/// were, the folders vote, whose records tell in which cluster the index starts that names them.
struct StrayRecords {
  /// Where a volume started, in bytes of the source, and its cluster size. It started before the source
  /// where its first part was cut off.
  struct Hypothesis: Hashable {
    let clusterSize: UInt64
    let start: Int64
  }

  struct Place {
    let number: UInt64
    /// In the source.
    let offset: ByteOffset
  }

  struct Generation {
    var hypothesis: Hypothesis
    let recordSize: Int
    var places: [Place]
    var consistent: Int
    var examined: Int
  }

  private struct Stray {
    let number: UInt64
    let sequence: UInt16
    let offset: ByteOffset
    let size: Int
    /// The cluster in which a folder's index starts.
    let index: UInt64?
  }

  private struct Group: Hashable {
    let base: Int64
    let size: Int
  }

  private let source: Source
  /// Places of the first blocks of indexes, by the number of their folder.
  private var indexes: [UInt64: [UInt64]] = [:]
  private var groups: [Group: [Stray]] = [:]

  private static let mostGenerations = 16
  /// A group of fewer records, of which no folder votes, is not believed.
  private static let least = 4
  private static let mostBallots = 4096
  /// Of so many folders that vote, one at least has to agree.
  private static let mostDissent = 8
  /// The furthest that a volume reaches, in bytes.
  private static let furthest: UInt64 = 1 << 52

  /// - Parameters:
  ///   - landmarks: in bytes of the medium.
  ///   - origin: where the source starts on the medium.
  ///   - excluded: the MFTs of known volumes, on the medium.
  init(
    in source: Source, landmarks: [Landmark], origin: ByteOffset,
    excluding excluded: RangeSet<ByteOffset>
  ) {
    self.source = source
    for landmark in landmarks where landmark.offset >= origin {
      let offset = ByteOffset((origin..<landmark.offset).length)
      switch landmark.kind {
      case .ntfsIndex: addIndex(at: offset)
      case .ntfsRecord where !excluded.contains(landmark.offset): addRecord(at: offset)
      default: break
      }
    }
  }

  /// The folder of an index block is the parent of the names in it.
  private mutating func addIndex(at offset: ByteOffset) {
    guard let block = try? source.readPrefix(at: offset, count: 512),
      let cluster = try? block.little(UInt64.self, at: 0x10), cluster == 0,
      let first = try? block.little(UInt32.self, at: 0x18), first < 400,
      let parent = try? block.little(UInt64.self, at: 0x18 + Int(first) + 16)
    else { return }
    indexes[FileReference(parent).number, default: []].append(offset.rawValue)
  }

  private mutating func addRecord(at offset: ByteOffset) {
    guard let size = Record.size(in: try? source.readPrefix(at: offset, count: 32)),
      let raw = try? source.readPrefix(at: offset, count: ByteCount(clamping: size)),
      let record = Record(raw), let number = record.ownNumber, number > 15,
      let place = Int64(exactly: offset.rawValue)
    else { return }
    var index: UInt64?
    for attribute in record.attributes where attribute.type == .indexAllocation {
      if case .mapped(let mapping) = attribute.form { index = mapping.runs?.first?.cluster }
    }
    let base = place - Int64(number) * Int64(size)
    groups[Group(base: base, size: Int(size)), default: []].append(
      Stray(
        number: number, sequence: record.sequence, offset: offset, size: Int(size), index: index))
  }

  /// Volumes, each with every number once. Records that lie as far apart as their numbers tell are of
  /// one MFT; where two such groups hold the same numbers, they are of two.
  func generations(fallback: [Hypothesis]) -> [Generation] {
    var result: [Generation] = []
    var numbers: [Set<UInt64>] = []
    let sorted = groups.sorted {
      ($1.value.count, $0.key.base, $0.key.size) < ($0.value.count, $1.key.base, $1.key.size)
    }
    for (group, strays) in sorted {
      let own = Set(strays.map(\.number))
      let (winner, consistent, examined) = vote(strays, fallback)
      let home = result.indices.first {
        result[$0].recordSize == group.size
          && (winner == nil || result[$0].hypothesis == winner)
          && numbers[$0].isDisjoint(with: own)
      }
      let places = strays.map { Place(number: $0.number, offset: $0.offset) }
      if let home {
        result[home].places += places
        result[home].consistent += consistent
        result[home].examined += examined
        numbers[home].formUnion(own)
      } else if winner != nil || strays.count >= Self.least, result.count < Self.mostGenerations {
        let likely = winner ?? fallback.first ?? Hypothesis(clusterSize: 4096, start: 0)
        result.append(
          Generation(
            hypothesis: likely, recordSize: group.size, places: places, consistent: consistent,
            examined: examined))
        numbers.append(own)
      }
    }
    for index in result.indices {
      var seen: Set<UInt64> = []
      result[index].places = result[index].places.filter { seen.insert($0.number).inserted }
        .sorted { $0.number < $1.number }
    }
    return result
  }

  /// What most folders of a group agree on; between equals what is likely anyway.
  private func vote(
    _ strays: [Stray], _ fallback: [Hypothesis]
  ) -> (Hypothesis?, consistent: Int, examined: Int) {
    var votes: [Hypothesis: Int] = [:]
    var examined = 0
    for stray in strays.prefix(Self.mostBallots * 16) where examined < Self.mostBallots {
      guard let cluster = stray.index, let places = indexes[stray.number] else { continue }
      examined += 1
      for place in places.prefix(16) {
        var size: UInt64 = 512
        while size <= Geometry.largestCluster {
          let (distance, overflow) = cluster.multipliedReportingOverflow(by: size)
          if !overflow, distance < Self.furthest, place < Self.furthest {
            let start = Int64(clamping: place) - Int64(clamping: distance)
            if start % 512 == 0 {
              votes[Hypothesis(clusterSize: size, start: start), default: 0] += 1
            }
          }
          size *= 2
        }
      }
    }
    func rank(_ hypothesis: Hypothesis) -> (Int, Int, Int, Int64) {
      let order = fallback.firstIndex(of: hypothesis) ?? fallback.count
      return (
        order, hypothesis.start < 0 ? 1 : 0, hypothesis.clusterSize == 4096 ? 0 : 1,
        hypothesis.start
      )
    }
    let best = votes.sorted { left, right in
      left.value == right.value ? rank(left.key) < rank(right.key) : left.value > right.value
    }.first
    guard let best, best.value * Self.mostDissent >= examined else { return (nil, 0, examined) }
    return (best.key, best.value, examined)
  }
}
