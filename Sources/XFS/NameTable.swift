// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Every name that a directory, past or present, gives to an inode number.
struct NameTable {
  /// Where a name was learnt; earlier ones are the better witnesses.
  enum Origin: Int, Sendable, Comparable {
    /// In force in a directory that is gone as a whole: nobody removed it before.
    case freedDirectory
    /// Removed from a directory.
    case leftover
    case log

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// A name of an inode number in a folder.
  struct Name: Hashable, Sendable {
    let parent: UInt64
    let name: RawName
    let type: UInt8
  }

  struct Sighting: Sendable {
    let name: Name
    var origin: Origin
    /// The records of the log between which it was seen in force; 0 where it is not known.
    var first: UInt64
    var moment: UInt64

    /// Whether a life of the inode number can have had the name.
    func isPossible(in life: Range<UInt64>) -> Bool {
      moment == 0 || first < life.upperBound && moment >= life.lowerBound
    }
  }

  private var sightings: [UInt64: [Sighting]] = [:]
  /// The folder above a folder, as `..` says.
  private(set) var parents: [UInt64: UInt64] = [:]

  /// More names than this no inode has, on a disk that was not made to hurt.
  private static let mostNames = 256
  private static let mostSightings = 0x20_0000
  private var count = 0

  mutating func add(_ name: Name, of number: UInt64, _ origin: Origin, at moment: UInt64 = 0) {
    guard number != name.parent else { return }
    var known = sightings[number] ?? []
    if let index = known.firstIndex(where: { $0.name == name }) {
      known[index].origin = min(known[index].origin, origin)
      known[index].moment = max(known[index].moment, moment)
      if moment > 0 {
        known[index].first = known[index].first == 0 ? moment : min(known[index].first, moment)
      }
    } else if known.count < Self.mostNames, count < Self.mostSightings {
      known.append(Sighting(name: name, origin: origin, first: moment, moment: moment))
      count += 1
    }
    sightings[number] = known
  }

  mutating func add(parent: UInt64, of folder: UInt64) {
    if parent != folder, parents[folder] == nil { parents[folder] = parent }
  }

  var numbers: [UInt64] { sightings.keys.sorted() }

  /// The names of an inode number, the likeliest first: of the right type, last seen in force, from the
  /// best witness.
  ///
  /// - Parameters:
  ///   - type: as directory entries have it; 0: any.
  ///   - life: between which records of the log the inode was the one that is asked for: later ones have
  ///     names of their own.
  func candidates(
    for number: UInt64, type: UInt8, in life: Range<UInt64> = 0..<UInt64.max
  ) -> [Sighting] {
    (sightings[number] ?? []).filter {
      (type == 0 || $0.name.type == 0 || $0.name.type == type) && $0.isPossible(in: life)
    }
    .sorted { left, right in
      if left.moment != right.moment { return left.moment > right.moment }
      if left.origin != right.origin { return left.origin < right.origin }
      return (left.name.parent, left.name.name) < (right.name.parent, right.name.name)
    }
  }

  /// The folders from the root down to `folder`, and whether all are known.
  func path(
    to folder: UInt64, root: UInt64, _ tree: LiveTree
  ) -> (components: [RawName], isWhole: Bool) {
    var components: [RawName] = []
    var visited: Set<UInt64> = []
    var isWhole = true
    var number = folder
    while number != root {
      guard visited.insert(number).inserted, visited.count < 512 else {
        return (components.reversed(), false)
      }
      // An inode that is another thing's by now is no folder.
      if tree.folders.contains(number), let owner = tree.owners[number] {
        components.append(owner.name)
        number = owner.parent
      } else if let best = candidates(for: number, type: 2).first {
        components.append(best.name.name)
        number = best.name.parent
      } else {
        components.append(RawName("#\(number)"))
        isWhole = false
        guard let parent = parents[number] else { break }
        number = parent
      }
    }
    return (components.reversed(), isWhole)
  }
}
