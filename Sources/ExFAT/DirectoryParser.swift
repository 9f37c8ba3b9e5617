// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads the entry sets of a directory, piece by piece; a set may run from one into the next.
struct DirectoryParser {
  private let upcase: UpcaseTable?
  private(set) var sets: [EntrySet] = []
  /// Entries of the root that are no files: the bitmap, the table of upper case, the label.
  private(set) var bitmaps: [(start: UInt32, size: UInt64, isSecond: Bool)] = []
  private(set) var upcaseTable: (start: UInt32, size: UInt64, checksum: UInt32)?
  private(set) var label: String?
  /// Where the entry that ends the directory stands in the volume: sets behind it are of the past.
  private(set) var end: UInt64?
  private var carried: [UInt8] = []
  private var carriedOffset: UInt64 = 0
  private var isBehindEnd = false
  /// How many of `sets` came before the end.
  private(set) var inForce = 0

  init(upcase: UpcaseTable?) { self.upcase = upcase }

  /// Reads what follows; `offset` is where `bytes` stand in the volume.
  mutating func parse(_ piece: [UInt8], at offset: UInt64) {
    let before = carried.count
    let origin = carriedOffset
    read(carried + piece, isLast: false) { index in
      index < before
        ? origin &+ UInt64(clamping: index) : offset &+ UInt64(clamping: index - before)
    }
  }

  /// Says that nothing follows.
  mutating func finish() {
    let origin = carriedOffset
    read(carried, isLast: true) { origin &+ UInt64(clamping: $0) }
    if !isBehindEnd { inForce = sets.count }
  }

  private mutating func read(
    _ bytes: [UInt8], isLast: Bool, offset: (Int) -> UInt64
  ) {
    carried = []
    var index = 0
    while index + 32 <= bytes.count {
      if let length = EntrySet.length(in: bytes, at: index) {
        if !isLast, index + length > bytes.count {
          carried = Array(bytes[index...])
          carriedOffset = offset(index)
          return
        }
        if let set = EntrySet(parsing: bytes, at: index, offset: offset(index), upcase: upcase),
          set.checksumHolds || (set.isLive && !isBehindEnd)
        {
          sets.append(set)
          index += set.checksumHolds ? set.length : 32
          continue
        }
      } else if !isBehindEnd {
        special(bytes, index, offset(index))
      }
      index += 32
    }
  }

  private mutating func special(_ bytes: [UInt8], _ index: Int, _ offset: UInt64) {
    let start = try? bytes.little(UInt32.self, at: index + 20)
    let size = try? bytes.little(UInt64.self, at: index + 24)
    switch bytes[index] {
    case 0:
      isBehindEnd = true
      inForce = sets.count
      end = offset
    case 0x81:
      if let start, let size { bitmaps.append((start, size, bytes[index + 1] & 1 == 1)) }
    case 0x82:
      if let start, let size, let checksum = try? bytes.little(UInt32.self, at: index + 4) {
        upcaseTable = (start, size, checksum)
      }
    case 0x83:
      let units = (0..<min(11, Int(bytes[index + 1]))).map { unit in
        UInt16(bytes[index + 2 + unit * 2]) | UInt16(bytes[index + 3 + unit * 2]) << 8
      }
      label = String(decoding: units, as: UTF16.self)
    default: break
    }
  }
}
