// SPDX-License-Identifier: Apache-2.0

import Checksums
import Foundation

/// An image of noise with a few pictures in it, half of them at the start of a sector, half at
/// offsets of no alignment: what a scan must read byte by byte, and what it must find.
struct Filler {
  let path: String
  let size: Int
  let planted = 32

  private static let piece = 1 << 24

  init(_ options: Options) throws {
    path = options.folder + "/renflou-benchmark.img"
    size = options.gibibytes << 30
  }

  func make() throws {
    guard FileManager.default.createFile(atPath: path, contents: nil),
      let file = FileHandle(forWritingAtPath: path)
    else { throw Failure("cannot write \(path)") }
    defer { try? file.close() }
    var state: UInt64 = 0x5EED
    for _ in 0..<size / Self.piece {
      var piece = [UInt64](repeating: 0, count: Self.piece / 8)
      for index in piece.indices {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        piece[index] = state
      }
      try file.write(contentsOf: piece.withUnsafeBytes { Data($0) })
    }
    for index in 0..<planted {
      let shift = index % 2 == 0 ? 512 * (2 * index + 1) : 12_345 + 7 * index
      try file.seek(toOffset: UInt64(size / planted * index + shift))
      try file.write(contentsOf: Self.picture(UInt8(index)))
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// A PNG of 120 by 120 grey pixels, in one stored deflate block.
  private static func picture(_ grey: UInt8) -> [UInt8] {
    func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
      let body = Array(type.utf8) + content
      var sum = CRC32()
      sum.update(body)
      return big(UInt32(content.count)) + body + big(sum.value)
    }
    func big(_ value: UInt32) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    let side = 120
    var rows: [UInt8] = []
    for row in 0..<side {
      rows += [0] + (0..<side).map { UInt8(truncatingIfNeeded: $0 * row) ^ grey }
    }
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in rows {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let count = [UInt8(rows.count & 0xFF), UInt8(rows.count >> 8)]
    let data = [0x78, 0x01, 1] + count + count.map { ~$0 } + rows + big(high << 16 | low)
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(UInt32(side)) + big(UInt32(side)) + [8, 0, 0, 0, 0])
      + chunk("IDAT", data) + chunk("IEND", [])
  }
}
