// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where a broken file may have been cut, the likeliest places first.
struct Cuts {
  /// Where something else seems to begin.
  private(set) var seams: [ByteOffset] = []
  private(set) var others: [ByteOffset] = []
  /// Where another file begins.
  private(set) var starts: [ByteOffset] = []

  /// The same, by their distance from where it was noticed.
  private(set) var nearest: [ByteOffset] = []

  var all: [ByteOffset] { seams + others }

  /// - Parameter most: how many of each are taken.
  init(
    of state: Assembly, map: inout BlockMap, grid: BlockGrid, most: Int, isText: Bool,
    isPacked: Bool, isByTables: Bool, isStream: Bool
  ) {
    let size = grid.size
    let doubt = state.doubt(byTables: isByTables, isStream: isStream)
    let low = max(1, (doubt.lowerBound.rawValue &+ size &- 1) / size)
    var high = max(low, doubt.upperBound.rawValue / size)
    var noticed = state.noticed.rawValue / size
    if isPacked {
      // Packed data hold no such blocks: the first one is foreign already.
      for place in low...max(low, min(noticed, low + UInt64(Self.mostPlaces))) {
        guard let natural = state.place(behind: ByteOffset(place * size)) else { break }
        let kind = map.kind(at: natural)
        if kind == .zero || kind == .constant || kind == .text {
          (noticed, high) = (place, place)
          break
        }
      }
    }
    if isText {
      // Text of another kind may long go on as this one.
      for place in 1...max(1, min(noticed, UInt64(Self.mostPlaces))) where starts.count < 8 {
        let cut = ByteOffset(place * size)
        guard let natural = state.place(behind: cut) else { break }
        if map.isStart(natural)
          || place <= Self.mostCompared && map.likeness(of: natural, behind: state, at: cut) < 0.8
        {
          starts.append(cut)
        }
      }
    }
    var places: [UInt64] = []
    var distance: UInt64 = 0
    // From the place where it was noticed, back and forth.
    while distance <= high - low + 1, places.count < Self.mostPlaces {
      if noticed >= low + distance, noticed - distance <= high { places.append(noticed - distance) }
      if distance > 0, noticed + distance <= high, noticed + distance >= low {
        places.append(noticed + distance)
      }
      distance += 1
    }
    // However late it was noticed: it may have been at once.
    if places.count > 3 { places.insert(low, at: 3) }
    var seen: Set<UInt64> = []
    for place in places where seen.insert(place).inserted {
      let cut = ByteOffset(place * size)
      if nearest.count < most { nearest.append(cut) }
      guard let natural = state.place(behind: cut) else { continue }
      if !isText, map.isStart(natural), starts.count < 8 { starts.append(cut) }
      if map.isSeam(at: natural) || state.isJump(at: cut) {
        if seams.count < most { seams.append(cut) }
      } else if others.count < most {
        others.append(cut)
      }
    }
  }

  private static let mostCompared: UInt64 = 128
  private static let mostPlaces = 1024
}
