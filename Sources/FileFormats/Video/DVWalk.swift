// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The walk over the sequences of a DV stream.
///
/// | Offset | Size | Field of a block | Unit                                                   |
/// |-------:|-----:|------------------|--------------------------------------------------------|
/// |   0x00 |    1 | section          | high 3 bits: header, subcode, auxiliary, sound, picture |
/// |   0x01 |    1 | sequence         | high 4 bits: in the frame; bit 3: channel              |
/// |   0x02 |    1 | number           | of the block in its section                            |
/// |   0x03 |    1 | system           | in the header, bit 7: 12 sequences, not 10             |
///
/// - Source: IEC 61834-2:1998, §11.2 "DIF block structure"; SMPTE 314M-2005, §4.
struct DVWalk {
  private static let sequenceSize = 12_000
  private static let mostChannels = 4

  private let file: Source
  private var date: Timestamp?

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    let sequences = try file.little(UInt8.self, at: 3) & 0x80 == 0 ? 10 : 12
    var position: ByteOffset = 0
    var frame: Int?
    // The end of the last whole frame.
    var end: ByteOffset = 0
    while let next = try self.frame(at: position, sequences: sequences) {
      // All frames of a file have the same channels.
      guard frame == nil || frame == next.channels else { break }
      frame = next.channels
      position = next.end
      end = position
    }
    guard end > 0 else { throw Malformed("DV", "no frame stands here", at: 0) }
    var result = try Examination.chain("dv", "DV", in: file, end: end)
    result.date = date
    return result
  }

  /// Where the frame at `start` ends; nil where none stands.
  private mutating func frame(
    at start: ByteOffset, sequences: Int
  ) throws -> (end: ByteOffset, channels: Int)? {
    var position = start
    for channel in 0..<Self.mostChannels {
      for number in 0..<sequences {
        let bytes = try file.readPrefix(at: position, count: ByteCount(clamping: Self.sequenceSize))
        guard Self.isSequence(bytes, number: number) else {
          if number == 0, channel > 0 { return (position, channel) }
          if position == 0, bytes.count < Self.sequenceSize { throw Truncated() }
          return nil
        }
        // Bits 2 and 3 together count channels; the first of another frame begins again.
        if number == 0, channel > 0, try channelNumber(bytes) == 0 { return (position, channel) }
        if start == 0, channel == 0 { takeDate(bytes) }
        position = position.advancedClamped(by: ByteCount(clamping: Self.sequenceSize))
      }
    }
    return (position, Self.mostChannels)
  }

  private func channelNumber(_ header: [UInt8]) throws -> UInt8 {
    // The bit is zero in the second channel of those that have four, where another one tells.
    let byte = try header.little(UInt8.self, at: 1)
    return (byte >> 3 & 1) | (~byte >> 1 & 2)
  }

  /// Whether all 150 blocks name the sections that they should, and the sequence.
  private static func isSequence(_ bytes: [UInt8], number: Int) -> Bool {
    guard bytes.count == sequenceSize else { return false }
    for block in 0..<150 {
      let section: UInt8 =
        switch block {
        case 0: 0
        case 1...2: 1
        case 3...5: 2
        default: (block - 6) % 16 == 0 ? 3 : 4
        }
      guard bytes[80 * block] >> 5 == section, Int(bytes[80 * block + 1] >> 4) == number else {
        return false
      }
    }
    return true
  }

  /// Takes the recording date and time from the auxiliary data: packs of five bytes, in BCD.
  private mutating func takeDate(_ bytes: [UInt8]) {
    guard date == nil else { return }
    var day: [UInt8]?
    var time: [UInt8]?
    for pack in (3...5).flatMap({ block in (0..<15).map { 80 * block + 3 + 5 * $0 } }) {
      switch bytes[pack] {
      case 0x62: day = try? bytes.copy(at: pack + 1, count: 4)
      case 0x63: time = try? bytes.copy(at: pack + 1, count: 4)
      default: break
      }
    }
    guard let day, let time else { return }
    // Tapes begin in the nineties; other years are those of a clock that was never set.
    let year = Self.digits(day[3])
    guard year >= 90 || year < 60 else { return }
    date = Timestamp(
      year: year + (year < 60 ? 2000 : 1900), month: Self.digits(day[2] & 0x1F),
      day: Self.digits(day[1] & 0x3F), hour: Self.digits(time[3] & 0x3F),
      minute: Self.digits(time[2] & 0x7F), second: Self.digits(time[1] & 0x7F))
  }

  private static func digits(_ byte: UInt8) -> Int { Int(byte >> 4) * 10 + Int(byte & 15) }
}
