// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The units that an H.264 or H.265 sample consists of: each states its length, and together they
/// fill the sample. Where they do not, foreign data begin.
///
/// - Source: ISO/IEC 14496-15:2022, §5.3.3 `avcC`, §8.3.3 `hvcC`; ITU-T H.264 §7.3.1, H.265 §7.3.1.
struct VideoUnits {
  private static let mostUnits = 4096
  private let lengthWidth: Int
  /// Whether the lengths have four bytes, as nearly always.
  var hasLongLengths: Bool { lengthWidth == 4 }

  /// Reads a `stsd` box; nil for other codecs.
  init?(_ window: inout Window, in descriptions: ISOBox) throws {
    // Version, flags and count, then the first description.
    let entry = try ISOBox(&window, at: descriptions.content + 8)
    guard ["avc1", "avc3", "hvc1", "hev1"].contains(entry.type) else { return nil }
    // 78 bytes of picture fields stand before the boxes of a description.
    let boxes = (try? entry.children(&window, skipping: 78)) ?? []
    if let box = boxes.first(where: { $0.type == "avcC" }) {
      lengthWidth = Int(try window.byte(at: box.content + 4) & 3) + 1
    } else if let box = boxes.first(where: { $0.type == "hvcC" }) {
      lengthWidth = Int(try window.byte(at: box.content + 21) & 3) + 1
    } else {
      return nil
    }
  }

  /// The units of H.265 pictures, whose lengths have this many bytes.
  init(lengthWidth: Int) { self.lengthWidth = lengthWidth }

  /// Checks one sample; throws `Malformed` at the unit that breaks it.
  ///
  /// - Returns: how much of it a foreign block could not hide in.
  @discardableResult func check(
    _ window: inout Window, _ sample: Range<ByteOffset>
  ) throws -> ByteCount {
    var checked: UInt64 = 0
    var position = sample.lowerBound
    for _ in 0..<Self.mostUnits {
      if position >= sample.upperBound { break }
      let data = try position + ByteCount(clamping: lengthWidth)
      guard data <= sample.upperBound else { throw broken(at: position) }
      var length: UInt64 = 0
      for byte in try window.copy(at: position, count: lengthWidth) {
        length = length << 8 | UInt64(byte)
      }
      let end = try data + ByteCount(length)
      guard end <= sample.upperBound else { throw broken(at: position) }
      // The first bit of a unit is always zero.
      if length > 0, try window.byte(at: data) & 0x80 != 0 { throw broken(at: position) }
      checked &+= min(length &+ UInt64(clamping: lengthWidth), HiddenRoom.block)
      position = end
    }
    return ByteCount(checked)
  }

  private func broken(at position: ByteOffset) -> Malformed {
    Malformed("ISO media", "a video sample is not made of its units", at: position)
  }
}
