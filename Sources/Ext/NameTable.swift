// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Every name that a directory block, present, past or freed, gives to an inode number, and when.
struct NameTable {
  /// Where a name was learnt.
  enum Origin: Sendable, Hashable { case journal, freedBlock, disk }

  /// A name of an inode number in a folder.
  struct Name: Hashable, Sendable {
    let parent: UInt32
    let entry: DirectoryEntry
  }

  /// When a name was seen: transactions, with 0 for "long ago" and the largest for "now".
  struct Sighting: Sendable {
    var first: UInt64
    var last: UInt64
    var origin: Origin
    /// Only ever met in the room of another entry: it stood there before, nobody knows when.
    var isLeftover = false
  }

  /// The present state counts as later than any transaction.
  static let now: UInt64 = 1 << 40

  private var sightings: [Name: Sighting] = [:]
  private(set) var names: [UInt32: [(name: Name, seen: Sighting)]] = [:]
  /// The folder above a folder, as `..` says.
  private(set) var parents: [UInt32: UInt32] = [:]

  mutating func add(_ block: DirectoryBlock, of folder: UInt32, at moment: UInt64, _ origin: Origin)
  {
    if let parent = block.parent, parent != folder { parents[folder] = parent }
    add(block.entries, of: folder, Sighting(first: moment, last: moment, origin: origin))
    // What stands in another entry's room was removed before that moment; when, nobody knows.
    add(
      block.leftovers, of: folder,
      Sighting(first: 0, last: 0, origin: origin == .disk ? .freedBlock : origin, isLeftover: true))
  }

  private mutating func add(_ entries: [DirectoryEntry], of folder: UInt32, _ seen: Sighting) {
    for entry in entries where entry.inode != folder {
      let name = Name(parent: folder, entry: entry)
      guard var known = sightings[name], known.isLeftover == seen.isLeftover else {
        // An entry in its place says more than a leftover of it.
        if !(sightings[name].map { !$0.isLeftover } ?? false) { sightings[name] = seen }
        continue
      }
      known.first = min(known.first, seen.first)
      known.last = max(known.last, seen.last)
      if known.origin == .freedBlock { known.origin = seen.origin }
      sightings[name] = known
    }
  }

  /// Sorts what was added by inode number; call once, before asking.
  mutating func index() {
    for (name, seen) in sightings { names[name.entry.inode, default: []].append((name, seen)) }
    for number in names.keys {
      names[number]?.sort {
        ($0.name.parent, $0.name.entry.name, $0.name.entry.type)
          < ($1.name.parent, $1.name.entry.name, $1.name.entry.type)
      }
    }
    sightings = [:]
  }

  /// The names that an inode number had around a transaction, the likeliest first: of the right
  /// type, first seen not later, nearest.
  func candidates(
    for number: UInt32, type: UInt8, at moment: UInt64
  ) -> [(name: Name, seen: Sighting)] {
    func rank(_ candidate: (name: Name, seen: Sighting)) -> (Int, Int, UInt64) {
      let seen = candidate.seen
      let type = candidate.name.entry.type == type || candidate.name.entry.type == 0 ? 0 : 1
      let distance: UInt64 =
        seen.first <= moment && moment <= seen.last
        ? 0 : min(Self.distance(seen.first, moment), Self.distance(seen.last, moment))
      return (type, seen.first > moment ? 1 : 0, distance)
    }
    let ranked = (names[number] ?? []).map { (rank: rank($0), candidate: $0) }
    // The order of names decides between equals: sorting must be stable.
    let order = ranked.indices.sorted { left, right in
      let (first, second) = (ranked[left].rank, ranked[right].rank)
      return first == second ? left < right : first < second
    }
    return order.map { ranked[$0].candidate }
  }

  private static func distance(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let (left, right) = (min(left, 1 << 39), min(right, 1 << 39))
    return left > right ? left - right : right - left
  }

  /// The folders from the root down to `folder`, and whether all are known: one whose name is lost goes
  /// by its number.
  func path(to folder: UInt32, at moment: UInt64) -> (components: [RawName], isWhole: Bool) {
    var components: [RawName] = []
    var visited: Set<UInt32> = []
    var isWhole = true
    var number = folder
    while number != 2 {
      guard visited.insert(number).inserted, visited.count < 512 else { isWhole = false; break }
      let best = candidates(for: number, type: 2, at: moment).first {
        $0.name.entry.type == 2 || $0.name.entry.type == 0
      }
      components.append(best?.name.entry.name ?? RawName("#\(number)"))
      if best == nil { isWhole = false }
      guard let above = best?.name.parent ?? parents[number] else { break }
      number = above
    }
    return (components.reversed(), isWhole)
  }
}
