// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The start codes of a video stream without a container: 00 00 01 and a byte. Coded data never hold
/// two zeros and a byte below 2 (H.264 and later: below 3), so they can be told from other data.
///
/// - Source: ISO/IEC 13818-2:2013, §5.2.3; ITU-T H.264 (08/2021), annex B; H.265 (08/2021), annex B.
struct StartCodes {
  enum Next {
    /// A code, where its prefix starts, and where the zeros in front of it do.
    case code(UInt8, at: ByteOffset, filler: ByteOffset)
    /// A run of zeros that no code follows.
    case zeros(at: ByteOffset)
    /// The bytes at hand end.
    case end
    /// Bytes that no stream holds, or none of a code for too long.
    case foreign
  }

  private static let pieceSize: ByteCount = 0x1_0000
  private static let mostZeros: ByteCount = 0x1_0000
  /// No unit is this much longer than all before it.
  private static let growth: ByteCount = 0x4_0000

  private let file: Source
  /// The lowest byte that may follow two zeros in coded data.
  private let lowest: UInt8
  private var longest: ByteCount = 0

  init(_ file: Source, lowest: UInt8) {
    self.file = file
    self.lowest = lowest
  }

  /// The next code from `start` on.
  mutating func next(from start: ByteOffset) throws -> Next {
    var position = start
    let limit = start.advancedClamped(by: longest.addingClamped(longest).addingClamped(Self.growth))
    while position < limit {
      let bytes = try file.readPrefix(at: position, count: Self.pieceSize)
      guard bytes.count >= 4 else { return try tail(bytes, at: position) }
      var index = 0
      while let place = bytes.withSpan({ $0.firstIndex(of: [0, 0], from: index) }),
        place + 3 < bytes.count
      {
        let code = position.advancedClamped(by: ByteCount(clamping: place))
        switch bytes[place + 2] {
        case 0: return try zeros(at: code, after: start)
        case 1: return found(bytes[place + 3], at: code, filler: code, after: start)
        case ..<lowest: return .foreign
        default: index = place + 2
        }
      }
      // The last bytes may begin a code.
      position = position.advancedClamped(by: ByteCount(clamping: bytes.count - 3))
    }
    return .foreign
  }

  private mutating func found(
    _ code: UInt8, at place: ByteOffset, filler: ByteOffset, after start: ByteOffset
  ) -> Next {
    longest = max(longest, (start..<max(start, place)).length)
    return .code(code, at: place, filler: filler)
  }

  /// Fewer than four bytes are left.
  private func tail(_ bytes: [UInt8], at position: ByteOffset) throws -> Next {
    let zeros = bytes.reversed().prefix { $0 == 0 }.count
    return zeros == 0
      ? .end : .zeros(at: position.advancedClamped(by: ByteCount(clamping: bytes.count - zeros)))
  }

  /// Zeros may fill the space up to the next code.
  private mutating func zeros(at place: ByteOffset, after start: ByteOffset) throws -> Next {
    let bytes = try file.readPrefix(at: place, count: Self.mostZeros)
    guard let end = bytes.firstIndex(where: { $0 != 0 }), bytes[end] == 1, end + 1 < bytes.count
    else { return .zeros(at: place) }
    return found(
      bytes[end + 1], at: place.advancedClamped(by: ByteCount(clamping: end - 2)), filler: place,
      after: start)
  }
}
