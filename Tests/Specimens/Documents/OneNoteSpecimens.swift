// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum OneNoteSpecimens {
  private static let section: [UInt8] = [
    0xE4, 0x52, 0x5C, 0x7B, 0x8C, 0xD8, 0xA7, 0x4D, 0xAE, 0xB1, 0x53, 0x78, 0xD0, 0x29, 0x96, 0xD3,
  ]
  private static let lists: [UInt8] = [
    0x3F, 0xDD, 0x9A, 0x10, 0x1B, 0x91, 0xF5, 0x49, 0xA5, 0xD0, 0x17, 0x91, 0xED, 0xC8, 0xAE, 0xD8,
  ]
  private static let objects: [UInt8] = [
    0x2F, 0xE9, 0x8D, 0x63, 0xD4, 0xA6, 0xC1, 0x4B, 0x9A, 0x36, 0xB3, 0xFC, 0x25, 0x11, 0xA5, 0xB7,
  ]
  private static let none = [UInt8](repeating: 0xFF, count: 8) + zeros(4)

  /// A reference to data or a list: 64 bits of offset, 32 of length.
  private static func node(_ kind: UInt32, leadsTo base: UInt32, _ start: Int, _ count: Int)
    -> [UInt8]
  {
    little(kind | 16 << 10 | base << 27) + little(UInt64(start)) + little(UInt32(count))
  }

  private static func fragment(_ list: UInt32, _ nodes: [UInt8], count: Int) -> [UInt8] {
    little(0xA456_7AB1_F5F7_F4C4 as UInt64) + little(list) + little(UInt32(0)) + nodes
      + zeros(count - 36 - nodes.count) + none + little(0x8BC2_15C3_8233_BA4B as UInt64)
  }

  /// Root list, a list below it, log, data: at 1024, 1280, 1536, 1664.
  private static let desktop: [UInt8] = {
    let log = [0x10, 1, 0x11, 1, 1, 0x1234].flatMap { little(UInt32($0)) }
    let head = DocumentBytes.joined(
      section, junk(16), zeros(16), lists, zeros(32), little(UInt32(1)), zeros(60),
      little(UInt64(1536)), little(UInt32(128)), little(UInt64(1024)), little(UInt32(256)), none,
      little(UInt64(1864)), zeros(820))
    let logPart = DocumentBytes.joined(log, zeros(128 - 12 - log.count), none)
    return DocumentBytes.joined(
      head, fragment(0x10, node(0x08, leadsTo: 2, 1280, 256), count: 256),
      fragment(0x11, node(0x2D, leadsTo: 1, 1664, 200), count: 256), logPart, junk(200))
  }()

  /// An object of 16 bits' header, and one that holds others.
  private static func object(_ kind: UInt16, _ data: [UInt8]) -> [UInt8] {
    little(kind << 3 | UInt16(data.count) << 9) + data
  }

  private static func group(_ kind: UInt16, _ inner: [UInt8]) -> [UInt8] {
    little(kind << 3 | 4) + inner + [UInt8(kind << 2 | 1)]
  }

  private static let service: [UInt8] = {
    let first = group(1, object(0x0B, junk(60)) + object(0x19, junk(90)))
    let more = (0..<12).flatMap { group(1, object(0x1A, junk(80, seed: UInt64($0)))) }
    let start: UInt32 = 2 | 4 | 0x7A << 3 | 33 << 17
    return DocumentBytes.joined(
      section, junk(16), junk(16), objects, zeros(4), little(start), junk(33),
      group(0x15, first + more), little(UInt16(0x7A << 2 | 3)))
  }()

  static let all = [
    Specimen(
      .oneNote, desktop, label: "lists", type: "one", verdict: .intact,
      boundaries: [1024, 1280, 1536, 1664]),
    Specimen(.oneNote, service, label: "objects", type: "one", verdict: .probable),
  ]
}
