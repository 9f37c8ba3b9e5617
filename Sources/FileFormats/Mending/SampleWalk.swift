// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Follows media data from unit to unit, puts the units together to frames, and passes over what stands
/// between: sound, as a rule.
struct SampleWalk {
  private static let mostSamples = 2_000_000
  /// Units before a picture.
  private static let mostLeading = 64
  /// What is passed over in search of the first frame, and later where nothing is known of gaps yet.
  private static let widestGap: UInt64 = 0x10_0000

  private(set) var samples: [VideoSample] = []
  /// What stands between frames.
  private(set) var gaps: [Range<ByteOffset>] = []
  /// Where the last frame ends.
  private(set) var end: ByteOffset
  private var reader: UnitReader
  private let limit: ByteOffset
  private var longestGap: UInt64 = 0
  /// Units that wait for their picture.
  private var open: Range<ByteOffset>?

  init(_ file: Source, _ parameters: VideoParameters, in media: Range<ByteOffset>) {
    reader = UnitReader(file, parameters)
    limit = media.upperBound
    end = media.lowerBound
  }

  /// Bytes of all frames.
  var covered: UInt64 { samples.reduce(0) { $0 &+ $1.range.length.rawValue } }

  /// - Parameter most: frames after which it ends.
  mutating func run(most: Int = Self.mostSamples) throws {
    var position = end
    while position < limit, samples.count < most {
      if let unit = try sound(at: position, isSearched: false) {
        take(unit)
        position = unit.range.upperBound
        continue
      }
      open = nil
      guard let next = try search(from: position) else { break }
      if next > end { gaps.append(end..<next) }
      longestGap = max(longestGap, (end..<next).length.rawValue)
      position = next
    }
    open = nil
  }

  private mutating func take(_ unit: CodedUnit) {
    switch unit.kind {
    case .leading:
      open = (open?.lowerBound ?? unit.range.lowerBound)..<unit.range.upperBound
      return
    case .trailing:
      guard var last = samples.popLast(), open == nil,
        last.range.upperBound == unit.range.lowerBound
      else { return }
      last.range = last.range.lowerBound..<unit.range.upperBound
      samples.append(last)
    case .slice(let slice):
      let start = open?.lowerBound ?? unit.range.lowerBound
      if let last = samples.last, last.range.upperBound == start,
        !slice.isFirst || slice.completes(last.slice)
      {
        samples[samples.count - 1].range = last.range.lowerBound..<unit.range.upperBound
        // A frame has two fields at most.
        if slice.isFirst { samples[samples.count - 1].slice.field = .none }
      } else {
        samples.append(VideoSample(range: start..<unit.range.upperBound, slice: slice))
      }
      open = nil
    }
    end = unit.range.upperBound
  }

  /// The unit at `place`, if what follows it or what it holds speaks for it.
  private mutating func sound(at place: ByteOffset, isSearched: Bool) throws -> CodedUnit? {
    guard let unit = try reader.unit(at: place, limit: limit) else { return nil }
    var last = unit
    for _ in 0..<Self.mostLeading {
      switch last.kind {
      case .slice(let slice):
        return try isSound(last, slice, isSearched: isSearched) ? unit : nil
      case .trailing: return isSearched || samples.isEmpty ? nil : unit
      case .leading:
        guard let next = try reader.unit(at: last.range.upperBound, limit: limit) else {
          return nil
        }
        last = next
      }
    }
    return nil
  }

  private mutating func isSound(
    _ unit: CodedUnit, _ slice: VideoSlice, isSearched: Bool
  ) throws -> Bool {
    let isExpected =
      samples.last.map { slice.isFirst ? slice.follows($0.slice) : !isSearched }
      ?? (slice.isSync && slice.isFirst)
    // What comes first must be a picture to begin with.
    guard isExpected || !samples.isEmpty && !isSearched else { return false }
    if unit.range.upperBound == limit { return true }
    if let after = try reader.unit(at: unit.range.upperBound, limit: limit) {
      guard let further = after.slice else { return true }
      if !further.isFirst || further.follows(slice) || further.completes(slice) { return true }
    }
    return try isExpected && reader.isClean(unit)
  }

  /// Where the next frame begins; nil where none does soon.
  private mutating func search(from start: ByteOffset) throws -> ByteOffset? {
    let width = samples.count < 8 ? Self.widestGap : max(0x1_0000, longestGap &* 4)
    let stop = min(start.advancedClamped(by: ByteCount(min(width, Self.widestGap))), limit)
    var position = start
    while let place = try reader.nextPlace(from: position, limit: stop) {
      if try sound(at: place, isSearched: true) != nil { return place }
      position = place.advancedClamped(by: 1)
    }
    return nil
  }
}
