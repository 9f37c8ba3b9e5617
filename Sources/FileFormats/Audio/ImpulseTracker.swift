// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Impulse Tracker module: its parts lie where pointers say; it ends with the last of them.
  ///
  /// | Offset | Size | Field   | Unit                                                             |
  /// |-------:|-----:|---------|------------------------------------------------------------------|
  /// |   0x00 |    4 | mark    | `IMPM`                                                           |
  /// |   0x04 |   26 | title   |                                                                  |
  /// |   0x20 |    8 | counts  | of orders, instruments, samples, patterns; u16                   |
  /// |   0x2E |    2 | special | bit 0: there is a message                                        |
  /// |   0x36 |    6 | message | u16 length, u32 offset                                           |
  /// |   0xC0 |    … |         | orders; offsets of the others as u32                             |
  ///
  /// A sample's head is 80 bytes: u8 flags at 18, u32 length at 48, u32 offset at 72. A pattern starts
  /// with its size as u16.
  ///
  /// - Source: J. Lim, *Impulse Tracker 2.14*, `ITTECH.TXT`.
  package static let it = FileFormat(
    id: "it", name: "Impulse Tracker module", category: .audio, validation: .size,
    signatures: [Signature("IMPM")], maximumSize: 0x1000_0000,
    resembles: { bytes in
      guard let version = try? bytes.little(UInt16.self, at: 42),
        let orders = try? bytes.little(UInt16.self, at: 32),
        let instruments = try? bytes.little(UInt16.self, at: 34),
        let samples = try? bytes.little(UInt16.self, at: 36),
        let patterns = try? bytes.little(UInt16.self, at: 38)
      else { return false }
      return (0x100...0x2FF).contains(version) && (1...256).contains(orders) && instruments <= 256
        && samples <= 4000
        && patterns <= 4000
    }
  ) { file in
    try Examination.walk("it", file) {
      let end = try ITParts(file).end
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole(
        "it", "IT", end: end, and: [.payloadUnchecked, .endReasoned])
      result.name = ContentText.text(try file.read(at: 4, count: 26))
      return result
    }
  }
}

/// Where the parts of an IT module end.
private struct ITParts {
  private(set) var end: ByteOffset = 0
  private static let mostBlocks: UInt64 = 100_000

  private var window: Window
  private var blocks: UInt64 = 0

  init(_ file: Source) throws {
    window = Window(file, span: 4096)
    let head = try file.read(at: 0, count: 192)
    let orders = UInt64(try head.little(UInt16.self, at: 32))
    let counts = try [34, 36, 38].map { try Int(head.little(UInt16.self, at: $0)) }
    let instruments = counts[0]
    let samples = counts[1]
    guard counts.allSatisfy({ $0 <= 4000 }) else {
      throw Malformed("IT", "counts that none can have", at: 32)
    }
    let total = counts.reduce(0, +)
    let start = try ByteOffset(192) + ByteCount(orders)
    let pointers = try file.read(at: start, count: ByteCount(clamping: total * 4))
    reach(try start + ByteCount(clamping: total * 4))
    if try head.little(UInt16.self, at: 46) & 1 == 1 {
      let length = UInt64(try head.little(UInt16.self, at: 54))
      let place = UInt64(try head.little(UInt32.self, at: 56))
      if length > 0 { reach(ByteOffset(place + length)) }
    }
    for index in 0..<total {
      let place = ByteOffset(UInt64(try pointers.little(UInt32.self, at: index * 4)))
      guard place > 0 else { continue }
      if index < instruments {
        guard try window.holds(Array("IMPI".utf8), at: place) else {
          throw Malformed("IT", "no instrument starts here", at: place)
        }
        reach(try place + 554)
      } else if index < instruments + samples {
        try takeSample(at: place)
      } else {
        reach(try place + 8 + ByteCount(UInt64(window.little(UInt16.self, at: place))))
      }
    }
  }

  private mutating func takeSample(at start: ByteOffset) throws {
    let head = try window.copy(at: start, count: 80)
    guard head.holds(Array("IMPS".utf8), at: 0) else {
      throw Malformed("IT", "no sample starts here", at: start)
    }
    reach(try start + 80)
    let flags = head[18]
    let length = UInt64(try head.little(UInt32.self, at: 48))
    let place = ByteOffset(UInt64(try head.little(UInt32.self, at: 72)))
    guard flags & 1 == 1, length > 0, place > 0 else { return }
    let isWide = flags & 2 != 0
    let channels: UInt64 = flags & 4 != 0 ? 2 : 1
    guard flags & 8 != 0 else {
      return reach(try place + ByteCount(length * (isWide ? 2 : 1) * channels))
    }
    // Packed in blocks of 32 KiB, each with its packed size before it.
    let share: UInt64 = isWide ? 0x4000 : 0x8000
    var position = place
    let count = (length + share - 1) / share * channels
    blocks += count
    guard blocks <= Self.mostBlocks else {
      throw Malformed("IT", "there are too many blocks", at: start)
    }
    for _ in 0..<count {
      position = try position + 2 + ByteCount(UInt64(window.little(UInt16.self, at: position)))
    }
    reach(position)
  }

  private mutating func reach(_ offset: ByteOffset) { end = max(end, offset) }
}
