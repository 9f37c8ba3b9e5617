// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Reads the units of media data one by one, each behind a length of four bytes, and tells them from
/// what stands between them.
struct UnitReader {
  /// No picture is coded in more.
  private static let longest: UInt32 = 0x200_0000
  private static let headLength = 64

  let parameters: VideoParameters
  private var window: Window
  private let file: Source

  init(_ file: Source, _ parameters: VideoParameters) {
    self.file = file
    self.parameters = parameters
    window = Window(file, span: 4096)
  }

  /// The unit that starts at `place` and ends at or before `limit`; nil where none can.
  mutating func unit(at place: ByteOffset, limit: ByteOffset) throws -> CodedUnit? {
    let data = place.advancedClamped(by: 4)
    guard data < limit else { return nil }
    let length = try window.big(UInt32.self, at: place)
    let end = data.advancedClamped(by: ByteCount(UInt64(length)))
    guard length >= 2, length <= Self.longest, end <= limit else { return nil }
    let head = try window.copy(at: data, count: Int(min(length, UInt32(Self.headLength))))
    guard let kind = try kind(head, data..<end) else { return nil }
    return CodedUnit(kind: kind, range: place..<end)
  }

  private mutating func kind(_ head: [UInt8], _ data: Range<ByteOffset>) throws -> CodedUnit.Kind? {
    guard head[0] & 0x80 == 0 else { return nil }
    return try parameters.codec == .h264 ? avc(head, data) : hevc(head, data)
  }

  private mutating func avc(_ head: [UInt8], _ data: Range<ByteOffset>) throws -> CodedUnit.Kind? {
    let isNamed = head[0] & 0x60 != 0
    switch head[0] & 0x1F {
    case 1, 5: return parameters.slice(head).map { .slice($0) }
    case 6: return try !isNamed && isMessage(data, skipping: 1) ? .leading : nil
    case 7:
      return isNamed && head.count >= 4 && data.length.rawValue <= 1024 && head[2] & 3 == 0
        ? .leading : nil
    case 8: return isNamed && data.length.rawValue <= 1024 ? .leading : nil
    case 9: return !isNamed && data.length.rawValue == 2 && head[1] & 0x1F == 0x10 ? .leading : nil
    case 14: return try prefixed(data)
    case 10, 11: return !isNamed && data.length.rawValue == 1 ? .trailing : nil
    case 12:
      return !isNamed && head.dropFirst().allSatisfy { $0 == 0xFF || $0 == 0x80 } ? .trailing : nil
    default: return nil
    }
  }

  /// Some phones put a prefix and its slice into one unit, with a start code between them.
  private mutating func prefixed(_ data: Range<ByteOffset>) throws -> CodedUnit.Kind? {
    let bytes = try file.read(at: data.lowerBound, count: min(0x800, data.length))
    var kind: CodedUnit.Kind = .leading
    for index in 0..<max(0, bytes.count - 8) where bytes.holds([0, 0, 1], at: index) {
      guard [1, 5].contains(bytes[index + 3] & 0x1F) else { continue }
      guard let slice = parameters.slice(Array(bytes[(index + 3)...].prefix(Self.headLength)))
      else { return nil }
      kind = .slice(slice)
      break
    }
    return kind
  }

  private mutating func hevc(_ head: [UInt8], _ data: Range<ByteOffset>) throws -> CodedUnit.Kind? {
    // The base layer alone, and no more than seven layers of time.
    guard head[0] & 1 == 0, head[1] & 0xF8 == 0, head[1] & 7 != 0 else { return nil }
    switch head[0] >> 1 {
    case 0...9, 16...21: return parameters.slice(head).map { .slice($0) }
    case 32...34: return data.length.rawValue <= 2048 ? .leading : nil
    case 35: return data.length.rawValue == 3 ? .leading : nil
    case 36, 37: return data.length.rawValue == 2 ? .trailing : nil
    case 38: return head.dropFirst(2).allSatisfy { $0 == 0xFF || $0 == 0x80 } ? .trailing : nil
    case 39: return try isMessage(data, skipping: 2) ? .leading : nil
    case 40: return try isMessage(data, skipping: 2) ? .trailing : nil
    default: return nil
    }
  }

  /// Whether these bytes are messages: each states its length, and they fill the unit.
  private mutating func isMessage(_ data: Range<ByteOffset>, skipping skip: UInt64) throws -> Bool {
    guard data.length.rawValue <= 0x4000 else { return false }
    let raw = try file.read(at: data.lowerBound, count: data.length)
    var plain: [UInt8] = []
    var zeros = 0
    for byte in raw.dropFirst(Int(skip)) {
      if zeros >= 2, byte == 3 {
        zeros = 0
        continue
      }
      zeros = byte == 0 ? zeros + 1 : 0
      plain.append(byte)
    }
    var index = 0
    while index + 2 < plain.count {
      for part in 0..<2 {
        var value = 0
        while index < plain.count, plain[index] == 0xFF {
          value += 255
          index += 1
        }
        guard index < plain.count else { return false }
        value += Int(plain[index])
        index += 1
        if part == 1 { index += value }
      }
    }
    // One byte with the stop bit alone ends them.
    return index + 1 == plain.count && plain[index] == 0x80
      || index == plain.count && raw.count > Int(skip)
  }

  /// Whether nothing stands in a unit that would look like a start code, and it does not end in zero.
  mutating func isClean(_ unit: CodedUnit) throws -> Bool {
    var position = unit.range.lowerBound.advancedClamped(by: 4)
    var zeros = 0
    var last: UInt8 = 0
    while position < unit.range.upperBound {
      let end = min(position.advancedClamped(by: 0x4_0000), unit.range.upperBound)
      for byte in try file.read(at: position, count: (position..<end).length) {
        if zeros >= 2, byte < 3 { return false }
        zeros = byte == 0 ? zeros + 1 : 0
        last = byte
      }
      position = end
    }
    return last != 0
  }

  /// The next place, from `start` on and before `limit`, where a unit may begin by its first bytes.
  mutating func nextPlace(from start: ByteOffset, limit: ByteOffset) throws -> ByteOffset? {
    var position = start
    while position < limit {
      let bytes = try file.readPrefix(
        at: position, count: min(0x4000, (position..<limit).length))
      guard bytes.count > 5 else { return nil }
      for index in 0..<(bytes.count - 5) where bytes[index] == 0 && bytes[index + 1] < 0x20 {
        if isHead(bytes[index + 4], bytes[index + 5]) {
          return position.advancedClamped(by: ByteCount(clamping: index))
        }
      }
      position = position.advancedClamped(by: ByteCount(clamping: bytes.count - 5))
    }
    return nil
  }

  private func isHead(_ first: UInt8, _ second: UInt8) -> Bool {
    guard first & 0x80 == 0 else { return false }
    if parameters.codec == .h264 { return [1, 5, 6, 7, 9, 14].contains(first & 0x1F) }
    return first & 1 == 0 && second & 0xF8 == 0 && second & 7 != 0
      && [0...9, 16...21, 32...35, 39...39].contains { $0.contains(first >> 1) }
  }
}
