// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The events of one MIDI track, up to its end mark.
///
/// Each is a time since the last one, in groups of seven bits, and a message:
///
/// | Status | Message                                                                        |
/// |--------|--------------------------------------------------------------------------------|
/// | 8n–En  | one or two data bytes below 0x80; may be left out where it is as before        |
/// | F0, F7 | a length and so many bytes                                                     |
/// | FF     | a kind, a length, so many bytes; kind 2F ends the track, kind 03 is its name   |
///
/// - Source: MIDI Manufacturers Association, *Standard MIDI Files 1.0* (RP-001), "Track Chunks".
struct MIDITrack {
  /// As many events in a row that are all zero, or all text, are no music.
  private static let mostMonotone = 40
  private static let text: ClosedRange<UInt8> = 0x20...0x7E

  private let bytes: [UInt8]
  private var index = 0
  private(set) var name: String?
  /// Whether nothing in it looks like foreign bytes that happen to be events.
  private(set) var isPlausible = true
  private var zeros = 0
  private var texts = 0
  /// How many times each note of each channel was started and not ended.
  private var sounding = [UInt16](repeating: 0, count: 2048)
  private var notes = 0
  /// Ends of notes that nothing started.
  private var strays = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Follows the events; throws `Malformed` at one that none can be.
  mutating func follow() throws {
    var running: UInt8 = 0
    while index < bytes.count {
      let time = try number()
      guard let first = bytes.dropFirst(index).first else { throw malformed("no event follows") }
      let isRunning = first < 0x80
      let status = isRunning ? running : first
      if !isRunning { index &+= 1 }
      switch status {
      case 0x80...0xEF:
        running = status
        let data = try data(status >> 5 == 6 ? 1 : 2)
        take(status, data)
        check(data, time: isRunning ? time : -1)
      case 0xF0, 0xF7: try skip(number())
      case 0xF1, 0xF3: try skip(1)
      case 0xF2: try skip(2)
      case 0xFF:
        if try isEnd() { return checkBalance() }
      case 0xF4...0xFE: break
      default: throw malformed("data without a message")
      }
    }
    checkBalance()
  }

  private func malformed(_ problem: String) -> Malformed {
    Malformed("MIDI", problem, at: ByteOffset(ByteCount(clamping: index)))
  }

  /// Passes the data of a message.
  private mutating func data(_ count: Int) throws -> [UInt8] {
    guard let data = try? bytes.copy(at: index, count: count), data.allSatisfy({ $0 < 0x80 }) else {
      throw malformed("a message without its data")
    }
    index &+= count
    return data
  }

  private mutating func take(_ status: UInt8, _ data: [UInt8]) {
    guard data.count == 2, status >> 5 == 4 else { return }
    let note = Int(status & 15) << 7 | Int(data[0] & 0x7F)
    if status >> 4 == 9, data[1] > 0 {
      sounding[note] &+= 1
      notes &+= 1
    } else if sounding[note] > 0 {
      sounding[note] &-= 1
    } else {
      strays &+= 1
    }
  }

  /// Foreign bytes read as music start notes that do not end, and end some that did not start.
  private mutating func checkBalance() {
    let odd = sounding.reduce(strays) { $0 &+ Int($1) }
    if odd > 8, odd > notes / 128 { isPlausible = false }
  }

  /// Counts events in a row that look like a wiped sector, or like text.
  private mutating func check(_ data: [UInt8], time: Int) {
    zeros = time == 0 && data.allSatisfy { $0 == 0 } ? zeros &+ 1 : 0
    let isText = (0x20...0x7E).contains(time) && data.allSatisfy(Self.text.contains)
    texts = isText ? texts &+ 1 : 0
    if max(zeros, texts) > Self.mostMonotone { isPlausible = false }
  }

  /// A number of up to 28 bits.
  private mutating func number() throws -> Int {
    var value = 0
    for _ in 0..<4 {
      guard let byte = try? bytes.little(UInt8.self, at: index) else { break }
      index &+= 1
      value = value << 7 | Int(byte & 0x7F)
      if byte < 0x80 { return value }
    }
    throw malformed("a number without end")
  }

  private mutating func skip(_ count: Int) throws {
    guard count <= bytes.count &- index else {
      throw malformed("an event reaches beyond its track")
    }
    index &+= count
  }

  /// Passes an event about the music; true where it is the last one.
  private mutating func isEnd() throws -> Bool {
    let kind = try? bytes.little(UInt8.self, at: index)
    index &+= 1
    let length = try number()
    let start = index
    try skip(length)
    if kind == 0x2F {
      if bytes.count &- index >= 512 { isPlausible = false }
      return true
    }
    if kind == 3, name == nil { name = ContentText.text(bytes[start..<index]) }
    return false
  }
}
