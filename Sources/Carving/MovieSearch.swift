// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats

/// Puts a movie together whose pieces lie in order, with others' between them: cameras that write two movies
/// at once, cluster run by cluster run, leave such pairs.
///
/// Its index says where frames begin; a block in which one does can be told from any other. What lies between
/// two such blocks is cut where the widest alignment is, and no other movie's frames begin.
struct MovieSearch {
  /// A block of the file, and where in the ground it lies.
  struct Anchor: Equatable {
    let block: Int
    let place: Int
  }

  private let pool: Pool
  private let size: Int
  /// Where the blocks of the ground lie on the medium.
  private let places: [ByteOffset]
  private let ground: Source
  private let meter: MeteredMedium?
  private let others: [Int]

  /// Blocks of the ground, and of what may lie between two pieces.
  private static let mostBlocks = 1 << 20
  private static let widestGap = 0x100_0000
  private static let mostOthers = 3

  /// Bytes read so far.
  var cost: UInt64 { meter?.used ?? 0 }

  /// - Parameters:
  ///   - starts: where files begin.
  ///   - budget: bytes that may be read.
  init?(from start: ByteOffset, pool: Pool, starts: Set<ByteOffset>, budget: UInt64) {
    size = Int(clamping: pool.grid.size)
    guard size > 0, size <= 0x10_0000 else { return nil }
    self.pool = pool
    let head = pool.space.readable(
      pool.space.extents(from: start, limit: 0x10_0000), name: "movie")
    guard let layout = MovieTables.layout(of: head) else { return nil }
    let own = layout.media.upperBound.rawValue / pool.grid.size
    // As much again for the others, and what lies beside.
    let count = Int(clamping: min(own, UInt64(Self.mostBlocks))) * 2 + 2 * Self.widestGap / size
    var places = pool.blocks(from: start, count: min(count, Self.mostBlocks))
    guard places.first == start else { return nil }
    let before = pool.blocks(before: start, count: min(4096, Self.widestGap / size))
    if let other = before.firstIndex(where: { starts.contains($0) && Self.isMovie(pool, at: $0) }) {
      places = before[...other].reversed() + places
    }
    self.places = places
    var others: [Int] = []
    for (index, place) in places.enumerated() where place != start && starts.contains(place) {
      if others.count < Self.mostOthers, Self.isMovie(pool, at: place) { others.append(index) }
    }
    self.others = others
    let block = ByteCount(pool.grid.size)
    (ground, meter) = pool.space.metered(
      places.map { Extent($0..<$0.advancedClamped(by: block)) }, name: "ground", start: nil,
      allowance: budget)
  }

  private static func isMovie(_ pool: Pool, at place: ByteOffset) -> Bool {
    let range = place..<place.advancedClamped(by: 8)
    let bytes = try? pool.space.readable([Extent(range)], name: "head").read(at: 0, count: 8)
    return bytes.map { $0.dropFirst(4).elementsEqual("ftyp".utf8) } ?? false
  }

  /// What is known of a movie.
  private struct Movie {
    let start: ByteOffset
    let tables: MovieTables
    let anchors: [Anchor]

    /// Blocks of the widest part in which a cut is to be found.
    var widestDoubt: Int {
      zip(anchors, anchors.dropFirst()).lazy
        .filter { $1.place - $0.place != $1.block - $0.block }.map { $1.block - $0.block }.max()
        ?? 0
    }

    /// Blocks of the ground that can be nobody else's.
    var certain: Set<Int> {
      var result = Set(anchors.map(\.place))
      for (left, right) in zip(anchors, anchors.dropFirst())
      where right.place - left.place == right.block - left.block {
        result.formUnion(left.place..<right.place)
      }
      return result
    }
  }

  /// The pieces of the movie that begins at `start`; nil where they cannot be told.
  func solve(from start: ByteOffset) -> [Extent]? {
    guard let first = places.firstIndex(of: start), let own = try? movie(at: first),
      let last = own.anchors.last?.place
    else { return nil }
    let certain = own.certain
    var foreign: Set<Int> = []
    for other in others {
      guard let movie = try? movie(at: other) else { continue }
      foreign.formUnion(movie.certain)
      // Of whom fewer blocks are in doubt is put together first.
      if movie.widestDoubt < own.widestDoubt { foreign.formUnion(blocks(of: movie, certain)) }
    }
    foreign.subtract(certain)
    var chosen = blocks(of: own, foreign)
    // Behind its last known block it goes on in one piece, to its end.
    chosen += (last + 1)..<max(last + 1, min(places.count, last + 1 + Self.widestGap / size))
    let block = ByteCount(pool.grid.size)
    return chosen.map { Extent(places[$0]..<places[$0].advancedClamped(by: block)) }.coalesced
  }

  /// The blocks of a movie up to the last one that is known.
  private func blocks(of movie: Movie, _ foreign: Set<Int>) -> [Int] {
    var chosen = movie.anchors.first.map { [$0.place] } ?? []
    for (left, right) in zip(movie.anchors, movie.anchors.dropFirst()) {
      chosen += between(left, right, foreign, from: movie.start)
      chosen.append(right.place)
    }
    return chosen
  }

  /// The blocks between two that are known: those that are nobody else's, or else some behind the left one
  /// and the rest before the right one.
  private func between(
    _ left: Anchor, _ right: Anchor, _ foreign: Set<Int>, from start: ByteOffset
  ) -> [Int] {
    let count = right.block - left.block - 1
    let all = (left.place + 1)..<right.place
    guard all.count != count else { return Array(all) }
    let own = all.filter { !foreign.contains($0) }
    if own.count == count { return own }
    // How many of the first ones are others'.
    var sums = [0]
    for place in all { sums.append(sums[sums.count - 1] + (foreign.contains(place) ? 1 : 0)) }
    var best: (rank: [Int], cut: Int)?
    for cut in 0...count {
      let others = sums[cut] + sums[all.count] - sums[all.count - (count - cut)]
      let distance = places[left.place + 1 + cut].rawValue &- start.rawValue
      let rank = [-others, min(20, distance.trailingZeroBitCount)]
      if best.map({ $0.rank.lexicographicallyPrecedes(rank) }) ?? true { best = (rank, cut) }
    }
    let cut = best?.cut ?? count
    return Array(all.prefix(cut)) + Array(all.suffix(count - cut))
  }

  // MARK: one movie

  /// What is known of the movie that begins at a block of the ground.
  private func movie(at first: Int) throws -> Movie? {
    let rest = try ground.slice(ByteOffset(UInt64(first * size))..<ground.range.upperBound)
    guard let layout = MovieTables.layout(of: rest) else { return nil }
    let isBehind = layout.index >= layout.media.upperBound
    if !isBehind {
      guard let tables = MovieTables(rest, at: layout.index, media: layout.media), !tables.isEmpty
      else { return nil }
      let end = Int(clamping: layout.media.upperBound.rawValue) / size
      return Movie(
        start: places[first], tables: tables,
        anchors: try anchors(of: tables, from: first, to: end))
    }
    let block = Int(clamping: layout.index.rawValue) / size
    let skip = ByteOffset(layout.index.rawValue % UInt64(size))
    var place = first + block
    while place < places.count {
      let head = ByteOffset(UInt64(place * size)).advancedClamped(by: ByteCount(skip.rawValue))
      if let bytes = try? ground.read(at: head, count: 8),
        bytes.dropFirst(4).elementsEqual("moov".utf8),
        let tables = try tables(at: place, block, layout)
      {
        let known = Anchor(block: block, place: place)
        guard !tables.isEmpty else { return nil }
        let anchors = try anchors(of: tables, from: first, to: block)
        // The last frame's block may be the index's, too.
        let before = anchors.filter { $0.block < block && $0.place < place }
        guard let last = before.last, place - last.place >= block - last.block else { return nil }
        return Movie(start: places[first], tables: tables, anchors: before + [known])
      }
      place += 1
    }
    return nil
  }

  /// The index whose head stands in a block of the ground.
  private func tables(
    at place: Int, _ block: Int, _ layout: (media: Range<ByteOffset>, index: ByteOffset)
  ) throws -> MovieTables? {
    let behind = try ground.onMedium(
      ByteOffset(UInt64(place * size))..<ground.range.upperBound)
    let file = ground.joined([Extent(.hole, count: ByteCount(UInt64(block * size)))] + behind)
    return MovieTables(file, at: layout.index, media: layout.media)
  }

  /// The blocks that can be told, from the file's first one on.
  private func anchors(of tables: MovieTables, from first: Int, to end: Int) throws -> [Anchor] {
    // A hostile index may promise more than any disk holds.
    let end = min(end, places.count - first)
    let blocks = (1..<max(1, end)).filter { tables.canCheck(part($0)) }
    let sure = try anchors(of: tables, blocks, from: first, isStrict: true)
    // Where frames consist of many units, none ends in the block in which it begins.
    guard sure.count * 4 < blocks.count else { return sure }
    return try anchors(of: tables, blocks, from: first, isStrict: false)
  }

  private func anchors(
    of tables: MovieTables, _ blocks: [Int], from first: Int, isStrict: Bool
  ) throws -> [Anchor] {
    var anchors = [Anchor(block: 0, place: first)]
    for block in blocks {
      guard let last = anchors.last else { continue }
      let next = last.place + block - last.block
      let stop = min(places.count, next + Self.widestGap / size)
      guard next < stop else { break }
      let part = part(block)
      var found: Int?
      for place in next..<stop where found == nil {
        switch try tables.fit(part, in: ground, at: ByteOffset(UInt64(place * size))) {
        case .sure: found = place
        case .loose where !isStrict: found = place
        // It may well go on here, though nothing proves it.
        case .loose where place == next: found = -1
        default: break
        }
      }
      if let found, found >= 0 { anchors.append(Anchor(block: block, place: found)) }
    }
    return anchors
  }

  private func part(_ block: Int) -> Range<ByteOffset> {
    ByteOffset(UInt64(block * size))..<ByteOffset(UInt64((block + 1) * size))
  }
}
