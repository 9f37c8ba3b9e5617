// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The start codes of a video stream without a container: 00 00 01 and a byte. Coded data never
/// hold two zeros and a byte below 2 (H.264 and later: below 3), so they can be told from other data.
///
/// - Source: ISO/IEC 13818-2:2013, §5.2.3; ITU-T H.264 (08/2021) and H.265 (08/2021), annex B.
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
  private var piece: [UInt8] = []
  private var pieceStart: ByteOffset = 0

  init(_ file: Source, lowest: UInt8) {
    self.file = file
    self.lowest = lowest
  }

  /// The next code from `start` on.
  mutating func next(from start: ByteOffset) throws -> Next {
    var position = start
    let limit = start.advancedClamped(by: longest.addingClamped(longest).addingClamped(Self.growth))
    while position < limit {
      var index = try load(position)
      guard index + 4 <= piece.count else { return tail(from: index) }
      while let place = piece.withSpan({ $0.firstIndex(of: [0, 0], from: index) }),
        place + 3 < piece.count
      {
        let code = pieceStart.advancedClamped(by: ByteCount(clamping: place))
        switch piece[place + 2] {
        case 0: return try zeros(at: code, after: start)
        case 1: return found(piece[place + 3], at: code, filler: code, after: start)
        case ..<lowest: return .foreign
        default: index = place + 2
        }
      }
      // The last bytes may begin a code.
      position = pieceStart.advancedClamped(by: ByteCount(clamping: piece.count - 3))
    }
    return .foreign
  }

  /// Sees to it that four bytes from `position` on are at hand, as far as there are any, and
  /// returns where in the piece they stand.
  private mutating func load(_ position: ByteOffset) throws -> Int {
    if position >= pieceStart {
      let skip = (pieceStart..<position).length
      if let index = try? skip.inMemory(), index + 4 <= piece.count { return index }
    }
    piece = try file.readPrefix(at: position, count: Self.pieceSize)
    pieceStart = position
    return 0
  }

  private mutating func found(
    _ code: UInt8, at place: ByteOffset, filler: ByteOffset, after start: ByteOffset
  ) -> Next {
    longest = max(longest, (start..<max(start, place)).length)
    return .code(code, at: place, filler: filler)
  }

  /// Fewer than four bytes are left.
  private func tail(from index: Int) -> Next {
    let zeros = piece.dropFirst(index).reversed().prefix { $0 == 0 }.count
    return zeros == 0
      ? .end
      : .zeros(at: pieceStart.advancedClamped(by: ByteCount(clamping: piece.count - zeros)))
  }

  /// Zeros may fill the space up to the next code.
  private mutating func zeros(at place: ByteOffset, after start: ByteOffset) throws -> Next {
    var position = place
    let limit = place.advancedClamped(by: Self.mostZeros)
    while position < limit {
      let index = try load(position)
      if let end = piece[index...].firstIndex(where: { $0 != 0 }) {
        let one = pieceStart.advancedClamped(by: ByteCount(clamping: end))
        guard piece[end] == 1, let next = try file.readPrefix(at: one, count: 2).dropFirst().first
        else { break }
        return found(next, at: one.moved(back: 2, notBefore: place), filler: place, after: start)
      }
      let next = pieceStart.advancedClamped(by: ByteCount(clamping: piece.count))
      guard next > position else { break }
      position = next
    }
    return .zeros(at: place)
  }
}
