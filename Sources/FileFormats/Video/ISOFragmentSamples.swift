// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The H.264 and H.265 samples of a movie's fragments: where they can be placed, each must consist of
/// its units.
///
/// | Box    | Flag    | Field             | Unit                                   |
/// |--------|--------:|-------------------|----------------------------------------|
/// | `tfhd` |    0x01 | base              | 8 bytes; else the fragment's start     |
/// | `tfhd` | 0x02, 8 | description, time | 4 bytes each                           |
/// | `tfhd` |    0x10 | size              | of all samples that have none          |
/// | `trun` |    0x01 | offset            | signed; from the base                  |
/// | `trun` |    0x04 | first flags       | 4 bytes                                |
/// | `trun` | 0x100…  | time, size, flags, shift | 4 bytes each, for each sample   |
///
/// - Source: ISO/IEC 14496-12:2022, §8.8.7 "Track fragment header box", §8.8.8 "Track run box".
struct ISOFragmentSamples {
  private static let mostRuns = 1024
  private var units: [UInt32: VideoUnits] = [:]
  /// The sizes of samples whose fragments state none.
  private var sizes: [UInt32: UInt32] = [:]
  /// How much of the media a foreign block could not hide in.
  private(set) var checked: ByteCount = 0

  /// Reads a `moov` box; what it does not hold is not checked.
  init(_ window: inout Window, in movie: ISOBox) throws {
    do {
      for box in try movie.children(&window) {
        if box.type == "trak" { try takeTrack(&window, box) }
        guard box.type == "mvex" else { continue }
        for trex in try box.children(&window) where trex.type == "trex" {
          let track = try window.big(UInt32.self, at: trex.content + 4)
          sizes[track] = try window.big(UInt32.self, at: trex.content + 16)
        }
      }
    } catch is Malformed, is Truncated, is Overflow {
      units = [:]
    }
  }

  private mutating func takeTrack(_ window: inout Window, _ track: ISOBox) throws {
    let boxes = try track.children(&window)
    guard let header = boxes.first(where: { $0.type == "tkhd" }),
      let media = boxes.first(where: { $0.type == "mdia" }),
      let information = try media.children(&window).first(where: { $0.type == "minf" }),
      let table = try information.children(&window).first(where: { $0.type == "stbl" }),
      let entry = try table.children(&window).first(where: { $0.type == "stsd" })
    else { return }
    let isLong = try window.byte(at: header.content) == 1
    let number = try window.big(UInt32.self, at: header.content + (isLong ? 20 : 12))
    units[number] = try VideoUnits(&window, in: entry)
  }

  /// Checks the samples that the head of a fragment places in `data`; throws `Malformed` for one
  /// that is not made of its units.
  mutating func check(_ window: inout Window, _ head: ISOBox, in data: Range<ByteOffset>) throws {
    guard !units.isEmpty else { return }
    // Runs may name the same data again, but not without end.
    var budget = data.length.addingClamped(data.length)
    for (index, part) in try head.children(&window).filter({ $0.type == "traf" }).enumerated() {
      let boxes = try part.children(&window)
      guard let header = boxes.first(where: { $0.type == "tfhd" }) else { continue }
      let flags = try window.big(UInt32.self, at: header.content) & 0xFF_FFFF
      let track = try window.big(UInt32.self, at: header.content + 4)
      guard let units = units[track] else { continue }
      var place = try header.content + 8
      var base = head.start
      if flags & 1 != 0 {
        base = ByteOffset(try window.big(UInt64.self, at: place))
        place = try place + 8
      } else if flags & 0x2_0000 == 0, index > 0 {
        // It begins where the samples of the part before end.
        continue
      }
      for flag: UInt32 in [2, 8] where flags & flag != 0 { place = try place + 4 }
      let size = try flags & 0x10 != 0 ? window.big(UInt32.self, at: place) : sizes[track] ?? 0
      for run in boxes.filter({ $0.type == "trun" }).prefix(Self.mostRuns) {
        guard try check(&window, run, base: base, size: size, in: data, units, &budget) else {
          break
        }
      }
    }
  }

  /// Checks the samples of one run; false where it does not say where they start.
  private mutating func check(
    _ window: inout Window, _ run: ISOBox, base: ByteOffset, size: UInt32,
    in data: Range<ByteOffset>, _ units: VideoUnits, _ budget: inout ByteCount
  ) throws -> Bool {
    let flags = try window.big(UInt32.self, at: run.content) & 0xFF_FFFF
    let count = try window.big(UInt32.self, at: run.content + 4)
    guard flags & 1 != 0, let end = run.end else { return false }
    let offset = try window.big(Int32.self, at: run.content + 8)
    guard offset >= 0 else { return false }
    var position = try base + ByteCount(UInt64(UInt32(bitPattern: offset)))
    var row = try run.content + (flags & 4 != 0 ? 16 : 12)
    let width = UInt64((flags >> 8 & 15).nonzeroBitCount * 4)
    let skip = UInt64(flags & 0x100 != 0 ? 4 : 0)
    for _ in 0..<count {
      guard try row + ByteCount(width) <= end, data.contains(position) else { break }
      let own =
        try flags & 0x200 != 0 ? window.big(UInt32.self, at: row + ByteCount(skip)) : size
      let next = try position + ByteCount(UInt64(own))
      guard next <= data.upperBound, next > position, budget > 0 else { break }
      budget = budget.subtractingClamped((position..<next).length)
      checked = try checked + units.check(&window, position..<next)
      position = next
      row = try row + ByteCount(width)
    }
    return true
  }
}
