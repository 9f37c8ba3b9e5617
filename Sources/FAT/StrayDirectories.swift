// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

/// Directories met anywhere, each of which says in which cluster it starts: together they tell where
/// the clusters of their volume lie and how large they are.
///
/// - Source: `.` holds the directory's own first cluster, so that its place is the start of the data
///   area plus (cluster - 2) clusters; two directories of one volume leave one size.
struct StrayDirectories {
  struct Member: Hashable {
    /// In the source that is searched.
    let place: UInt64
    let own: UInt32
    let parent: UInt32
  }

  /// Where a volume's clusters lie.
  struct Layout: Hashable {
    let dataStart: UInt64
    let clusterSize: UInt64

    /// Where a directory with such a place and number says that its volume's data area starts.
    init?(of member: Member, clusterSize: UInt64) {
      let (skip, overflow) = UInt64(member.own &- 2).multipliedReportingOverflow(by: clusterSize)
      guard !overflow, member.own >= 2, skip <= member.place else { return nil }
      dataStart = member.place &- skip
      self.clusterSize = clusterSize
    }

    func holds(_ member: Member) -> Bool {
      Layout(of: member, clusterSize: clusterSize) == self
    }
  }

  private(set) var members: [Member] = []

  /// More than these tell nothing new.
  static let most = 65_536
  private static let sizes: [UInt64] = (9...18).map { 1 << $0 }

  /// - Parameters:
  ///   - places: where directories start in `source`.
  ///   - isForeign: whether what lies at a place belongs to somebody else.
  init(_ source: Source, at places: [UInt64], isForeign: (Member) -> Bool) {
    for place in places.prefix(Self.most) {
      guard let bytes = try? source.read(at: ByteOffset(place), count: 64),
        let dots = DotEntries(parsing: bytes, isLarge: true), dots.own >= 2,
        dots.own <= 0x0FFF_FFF5
      else { continue }
      let member = Member(place: place, own: dots.own, parent: dots.parent)
      if !isForeign(member) { members.append(member) }
    }
  }

  /// The layout that most of them agree with, and how many do; nil where there is none left.
  func mostLikely() -> (layout: Layout, count: Int)? {
    var votes: [Layout: Int] = [:]
    for member in members {
      for size in Self.sizes {
        if let layout = Layout(of: member, clusterSize: size) { votes[layout, default: 0] += 1 }
      }
    }
    return votes.max {
      ($0.value, $1.key.clusterSize, $1.key.dataStart)
        < ($1.value, $0.key.clusterSize, $0.key.dataStart)
    }.map { ($0.key, $0.value) }
  }

  mutating func keep(where isKept: (Member) -> Bool) { members = members.filter(isKept) }

  /// Takes out those that agree with a layout.
  mutating func remove(_ layout: Layout) -> [Member] {
    let taken = members.filter(layout.holds)
    members.removeAll(where: layout.holds)
    return taken
  }
}
