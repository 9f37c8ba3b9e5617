// SPDX-License-Identifier: Apache-2.0

import Checksums
import Foundation

/// An image of noise with a few pictures in it, at offsets of no alignment: what a scan must read
/// byte by byte, and what it must find.
struct Filler {
  let path: String
  let size: Int
  let planted = 16

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
      try file.seek(toOffset: UInt64(size / planted * index + 12_345 + 7 * index))
      try file.write(contentsOf: Self.picture(UInt8(index)))
    }
  }

  func remove() { try? FileManager.default.removeItem(atPath: path) }

  /// A PNG of one grey pixel.
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
    // A stored deflate block: filter 0, one pixel; then Adler-32 of both bytes.
    let adler = (UInt32(grey) + 2) << 16 | (UInt32(grey) + 1)
    let data: [UInt8] = [0x78, 0x01, 1, 2, 0, 0xFD, 0xFF, 0, grey] + big(adler)
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(1) + big(1) + [8, 0, 0, 0, 0]) + chunk("IDAT", data) + chunk("IEND", [])
  }
}
