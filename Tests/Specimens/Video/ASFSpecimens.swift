// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum ASFSpecimens {
  private static let header: [UInt8] = [
    0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11, 0xA6, 0xD9, 0, 0xAA, 0, 0x62, 0xCE, 0x6C,
  ]
  private static let description = [0x33] + header[1...]
  private static let data = [0x36] + header[1...]
  private static let properties: [UInt8] = [
    0xA1, 0xDC, 0xAB, 0x8C, 0x47, 0xA9, 0xCF, 0x11, 0x8E, 0xE4, 0, 0xC0, 0x0C, 0x20, 0x53, 0x65,
  ]
  private static let stream: [UInt8] = [
    0x91, 0x07, 0xDC, 0xB7, 0xB7, 0xA9, 0xCF, 0x11, 0x8E, 0xE6, 0, 0xC0, 0x0C, 0x20, 0x53, 0x65,
  ]
  private static let video: [UInt8] = [
    0xC0, 0xEF, 0x19, 0xBC, 0x4D, 0x5B, 0xCF, 0x11, 0xA8, 0xFD, 0, 0x80, 0x5F, 0x5C, 0x44, 0x2B,
  ]
  private static let sound: [UInt8] = [
    0x40, 0x9E, 0x69, 0xF8, 0x4D, 0x5B, 0xCF, 0x11, 0xA8, 0xFD, 0, 0x80, 0x5F, 0x5C, 0x44, 0x2B,
  ]
  private static let index: [UInt8] = [
    0x90, 0x08, 0x00, 0x33, 0xB1, 0xE5, 0xCF, 0x11, 0x89, 0xF4, 0, 0xA0, 0xC9, 0x03, 0x49, 0xCB,
  ]
  private static let packetSize = 200

  private static func object(_ kind: [UInt8], _ content: [UInt8]) -> [UInt8] {
    kind + little(UInt64(24 + content.count)) + content
  }

  private static func text(_ text: String) -> [UInt8] {
    text.utf16.flatMap { little($0) } + [0, 0]
  }

  /// One payload that fills the packet, or two with padding behind.
  private static func packet(_ number: UInt8, isSplit: Bool) -> [UInt8] {
    let times = little(UInt32(number) * 40) + little(UInt16(40))
    let head: (UInt8) -> [UInt8] = { stream in
      [stream, number] + little(UInt32(0)) + [8] + little(UInt32(170)) + little(UInt32(number) * 40)
    }
    guard isSplit else {
      let start = [0x82, 0, 0, 0, 0x5D] + times + head(0x81)
      return start + junk(packetSize - start.count)
    }
    let start = [0x82, 0, 0, 0x09, 0x5D, 30] + times + [0x82]
    let first = head(0x81) + little(UInt16(50)) + junk(50)
    let second = head(2) + little(UInt16(packetSize - 30 - start.count - first.count - 17))
    return start + first + second + junk(packetSize - 30 - start.count - first.count - second.count)
      + zeros(30)
  }

  private static func file(
    isBroadcast: Bool, streams: [[UInt8]], more: [UInt8], tail: [UInt8]
  ) -> [UInt8] {
    let packets = (0..<6).flatMap { packet(UInt8($0), isSplit: $0 % 2 == 1) }
    let objects = streams.map { object(stream, $0 + zeros(38)) }
    let count = 1 + streams.count + (more.isEmpty ? 0 : 1)
    let headerSize = 30 + 104 + objects.reduce(0) { $0 + $1.count } + more.count
    let size = isBroadcast ? 0 : headerSize + 50 + packets.count + tail.count
    let facts =
      zeros(16) + little(UInt64(size)) + little(UInt64(133_485_408_000_000_000))
      + little(UInt64(isBroadcast ? 0 : 6)) + zeros(24) + little(UInt32(isBroadcast ? 1 : 2))
      + little(UInt32(packetSize)) + little(UInt32(packetSize)) + little(UInt32(400_000))
    let dataSize = UInt64(isBroadcast ? 50 : 50 + packets.count)
    return object(
      header,
      little(UInt32(count)) + [1, 2] + object(properties, facts) + objects.flatMap(\.self) + more)
      + data + little(dataSize) + zeros(16) + little(UInt64(isBroadcast ? 0 : 6)) + [1, 1] + packets
      + tail
  }

  static let all: [Specimen] = {
    let title = text("A hill")
    let facts = object(
      description, little(UInt16(title.count)) + zeros(8) + title)
    let whole = file(
      isBroadcast: false, streams: [video, sound], more: facts,
      tail: object(index, zeros(28) + little(UInt32(2)) + zeros(12)))
    return [
      Specimen(
        .asf, whole, type: "wmv", name: "A hill", date: Timestamp(year: 2024, month: 1, day: 1),
        verdict: .intact),
      Specimen(
        .asf, file(isBroadcast: true, streams: [sound], more: [], tail: []), label: "broadcast",
        type: "wma", verdict: .probable),
    ]
  }()
}
