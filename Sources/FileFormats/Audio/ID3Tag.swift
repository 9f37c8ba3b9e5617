// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

/// An ID3v2 tag before MPEG audio.
///
/// | Offset | Size | Field   | Unit                                          |
/// |-------:|-----:|---------|-----------------------------------------------|
/// |   0x00 |    3 | mark    | `ID3`                                         |
/// |   0x03 |    2 | version | 2.0 to 4.0                                    |
/// |   0x05 |    1 | flags   | 0x10: a footer of ten bytes follows           |
/// |   0x06 |    4 | size    | bytes behind this head; seven bits in each    |
///
/// - Source: M. Nilsson, *ID3 tag version 2.4.0 – Main Structure*, §3.1.
struct ID3Tag {
  private static let longestText: ByteCount = 512

  private let start: ByteOffset
  private let version: UInt8
  let end: ByteOffset

  /// Reads a tag's head; nil where none stands.
  init?(_ window: inout Window, at start: ByteOffset) throws {
    guard try window.holds(Array("ID3".utf8), at: start) else { return nil }
    let head = try window.copy(at: start, count: 10)
    guard (2...4).contains(head[3]), head[6...].allSatisfy({ $0 < 0x80 }) else { return nil }
    self.start = start
    version = head[3]
    let size = head[6...].reduce(UInt64(0)) { $0 << 7 | UInt64($1) }
    end = try start + 10 + ByteCount(size) + (head[5] & 0x10 != 0 ? 10 : 0)
  }

  /// The mark with each version.
  static let signatures = [UInt8(2), 3, 4].map { Signature(Array("ID3".utf8) + [$0]) }

  static func resembles(_ bytes: RawSpan) -> Bool {
    let head = (try? bytes.copy(at: 0, count: 10)) ?? []
    return head.count == 10 && (2...4).contains(head[3]) && head[4] < 0xFF
      && head[5] & 0x0F == 0 && head[6...].allSatisfy { $0 < 0x80 }
  }

  /// The same for a tag that stands before something else, where that is near enough to be seen.
  static func resembles(_ bytes: RawSpan, before marks: [[UInt8]]) -> Bool {
    guard resembles(bytes), let head = try? bytes.copy(at: 6, count: 4) else { return false }
    let end = head.reduce(0) { $0 << 7 | Int($1) } + 10
    return end &+ 16 > bytes.byteCount || marks.contains { bytes.holds($0, at: end) }
  }

  /// A frame of the tag: four letters (three in version 2), a size, and content.
  struct Frame {
    let id: String
    let data: Range<ByteOffset>
  }

  /// Where the first frame stands.
  var firstFrame: ByteOffset { start.advancedClamped(by: 10) }

  /// The frames up to the padding, or up to one that is none; at most 256.
  func frames(in file: Source) -> [Frame] {
    var frames: [Frame] = []
    let head: ByteCount = version == 2 ? 6 : 10
    var position = firstFrame
    while frames.count < 256, let bytes = try? file.read(at: position, count: head),
      bytes[0] >= 0x41, bytes[0] <= 0x5A, let size = try? size(bytes), size > 0,
      let data = try? position + head, let next = try? data + ByteCount(size), next <= end
    {
      let id = String(decoding: bytes.prefix(version == 2 ? 3 : 4), as: UTF8.self)
      frames.append(Frame(id: id, data: data..<next))
      position = next
    }
    return frames
  }

  /// Artist and title, and when it was recorded.
  func describe(_ file: Source) throws -> (title: String?, date: Timestamp?) {
    var texts: [String: String] = [:]
    for frame in frames(in: file) where frame.id.hasPrefix("T") {
      let value = try file.readPrefix(
        at: frame.data.lowerBound, count: min(frame.data.length, Self.longestText))
      texts[frame.id] = Self.text(value)
    }
    return Self.describe(texts)
  }

  private func size(_ head: [UInt8]) throws -> UInt64 {
    switch version {
    case 2: UInt64(head[3]) << 16 | UInt64(head[4]) << 8 | UInt64(head[5])
    case 3: UInt64(try head.big(UInt32.self, at: 4))
    default: head[4..<8].reduce(UInt64(0)) { $0 << 7 | UInt64($1 & 0x7F) }
    }
  }

  private static func describe(_ texts: [String: String]) -> (String?, Timestamp?) {
    let names = [texts["TPE1"] ?? texts["TP1"], texts["TIT2"] ?? texts["TT2"]].compactMap { $0 }
    let parts = (texts["TDRC"] ?? "").split { "-T:".contains($0) }.compactMap { Int($0) }
    guard parts.count >= 3, parts[0] > 1900 else {
      return (ContentText.trimmed(names.joined(separator: " - ")), nil)
    }
    let clock = parts.dropFirst(3) + [0, 0, 0]
    let date = Timestamp(
      year: parts[0], month: parts[1], day: parts[2], hour: clock[clock.startIndex],
      minute: clock[clock.startIndex + 1], second: clock[clock.startIndex + 2])
    return (ContentText.trimmed(names.joined(separator: " - ")), date)
  }

  /// The text of a frame, by the encoding that its first byte names.
  private static func text(_ value: [UInt8]) -> String? {
    switch value.first {
    case 0, 3: return ContentText.text(value.dropFirst())
    case 1, 2:
      let units = stride(from: 1, to: value.count - 1, by: 2).map { index in
        UInt16(value[index]) << 8 | UInt16(value[index + 1])
      }
      let isLittle = units.first == 0xFFFE
      let plain = units.map { isLittle ? $0.byteSwapped : $0 }.drop { $0 == 0xFEFF }
      return ContentText.trimmed(String(decoding: plain.prefix { $0 != 0 }, as: UTF16.self))
    default: return nil
    }
  }
}
