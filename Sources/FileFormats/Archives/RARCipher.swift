// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// An archive whose headers are encrypted: nothing in it can be read, but where it ends shows.
///
/// What a cipher makes has no run of zeros and nearly all values in every sector. So the archive ends
/// in the first sector that zeros fill up, at a whole number of its units.
///
/// - Source: RARLAB, *technote.txt* of RAR 4.20, "Archive header"; *RAR 5.0 archive format*, "Archive
///   encryption header".
struct RARCipher {
  private static let sector = 512
  private static let fewestZeros = 16
  /// Random sectors have 222 values of 256, give or take 5.
  private static let fewestValues = 170
  private static let pieces: ByteCount = 0x1_0000
  private static let most: ByteOffset = 0x1_0000_0000
  private let file: Source
  private let start: ByteOffset
  private let unit: UInt64

  /// - Parameters:
  ///   - start: where the cipher begins.
  ///   - unit: a whole number of these is encrypted.
  init(_ file: Source, from start: ByteOffset, unit: UInt64) {
    self.file = file
    self.start = start
    self.unit = unit
  }

  func examination() throws -> Examination {
    var position: ByteOffset = 0
    while position < Self.most {
      let bytes = try file.readPrefix(at: position, count: Self.pieces)
      guard !bytes.isEmpty else { throw Truncated() }
      for index in stride(from: 0, to: bytes.count, by: Self.sector) {
        let sector = Array(bytes[index..<min(index + Self.sector, bytes.count)])
        let at = position.advancedClamped(by: ByteCount(clamping: index))
        if let end = end(in: sector, at: at) {
          return .whole("rar", "RAR", end: end, and: [.endReasoned, .payloadUnchecked])
        }
        guard sector.count == Self.sector else { throw Truncated() }
        guard at.rawValue == 0 || Self.isDense(sector) else {
          throw Malformed("RAR", "something foreign stands in what is encrypted", at: at)
        }
      }
      position = position.advancedClamped(by: ByteCount(clamping: bytes.count))
    }
    throw Malformed("RAR", "its headers are encrypted, and its end does not show", at: position)
  }

  /// Where the archive ends, if zeros fill this sector from there on.
  private func end(in sector: [UInt8], at offset: ByteOffset) -> ByteOffset? {
    let used = sector.count - sector.reversed().prefix { $0 == 0 }.count
    let last = offset.advancedClamped(by: ByteCount(clamping: used))
    guard sector.count - used >= Self.fewestZeros, last > start else { return nil }
    // The cipher's last bytes may be zeros as well.
    let beyond = (last.rawValue &- start.rawValue) % unit
    let end = last.advancedClamped(by: ByteCount(beyond == 0 ? 0 : unit &- beyond))
    // What is cut in a sector of its own would be another file's, were it not dense.
    let tail = Set(sector.prefix(used)).count
    return used < 64 || tail * 5 > min(used, 256) * 3 ? end : nil
  }

  private static func isDense(_ sector: [UInt8]) -> Bool {
    Set(sector).count >= fewestValues
  }
}
