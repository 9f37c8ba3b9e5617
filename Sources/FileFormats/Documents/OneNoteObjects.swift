// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// OneNote's objects one in the other, each a header, its data, and an end where it holds others.
///
///     the low two bits of a header: 0 start of 16 bits, 2 start of 32 bits, 1 end of 8, 3 end of 16
///     16 bits: 2 compound, 3 to 8 kind, 9 to 15 length
///     32 bits: 2 compound, 3 to 16 kind, 17 to 31 length (0x7FFF: a compact number follows)
///
/// - Source: Microsoft, *[MS-FSSHTTPB]*, §2.2.1.5 "Stream object header".
struct OneNoteObjects {
  private static let first: ByteOffset = 68
  private static let deepest = 256
  private static let block: UInt64 = 4096
  private static let packaging: UInt32 = 0x7A
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    var window = Window(file)
    var position = Self.first
    var open: [UInt32] = []
    var longest: UInt64 = 0
    repeat {
      let byte = try window.byte(at: position)
      switch byte & 3 {
      case 1, 3:
        let width: ByteCount = byte & 3 == 1 ? 1 : 2
        let kind =
          width == 1
          ? UInt32(byte >> 2) : UInt32(try window.little(UInt16.self, at: position) >> 2)
        guard open.popLast() == kind else { throw foreign(at: position) }
        position = try position + width
      default:
        let start = try Start(&window, at: position)
        guard !open.isEmpty || start.isCompound && start.kind == Self.packaging,
          open.count < Self.deepest, start.end <= file.range.upperBound
        else {
          if start.end > file.range.upperBound { throw Truncated() }
          throw foreign(at: position)
        }
        if start.isCompound { open.append(start.kind) }
        longest = max(longest, (position..<start.end).length.rawValue)
        position = start.end
      }
    } while !open.isEmpty
    // A long object has room for a foreign block.
    let isOpaque = longest >= Self.block
    // More of it may follow the outermost object.
    return .whole(
      "one", "OneNote", end: position, and: [.endReasoned] + (isOpaque ? [.payloadUnchecked] : []))
  }

  private func foreign(at offset: ByteOffset) -> Malformed {
    Malformed("OneNote", "something foreign stands between its objects", at: offset)
  }

  /// The header that begins an object, and where its own data end.
  private struct Start {
    let kind: UInt32
    let isCompound: Bool
    let end: ByteOffset

    init(_ window: inout Window, at position: ByteOffset) throws {
      let short = UInt32(try window.little(UInt16.self, at: position))
      isCompound = short & 4 != 0
      guard short & 3 == 2 else {
        kind = short >> 3 & 0x3F
        end = try position + 2 + ByteCount(UInt64(short >> 9))
        return
      }
      let word = try window.little(UInt32.self, at: position)
      kind = word >> 3 & 0x3FFF
      let length = word >> 17
      guard length == 0x7FFF else {
        end = try position + 4 + ByteCount(UInt64(length))
        return
      }
      let long = try Self.compactNumber(&window, at: position + 4)
      end = try position + 4 + ByteCount(UInt64(long.width)) + ByteCount(long.value)
    }

    /// A number whose low zero bits tell its width.
    private static func compactNumber(_ window: inout Window, at position: ByteOffset) throws
      -> (value: UInt64, width: Int)
    {
      let first = try window.byte(at: position)
      guard first != 0 else { return (0, 1) }
      let width = first.trailingZeroBitCount + 1
      guard width < 8 else { return (try window.little(UInt64.self, at: position + 1), 9) }
      var value: UInt64 = 0
      for index in (0..<width).reversed() {
        let byte = try window.byte(at: position.advancedClamped(by: ByteCount(clamping: index)))
        value = value << 8 | UInt64(byte)
      }
      return (value >> UInt64(width), width)
    }
  }
}
