// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Title and date of creation, from the properties that Office keeps, or from those of a message.
///
///     44  u32 offset of the section; there: u32 size, u32 count, then pairs of u32 id, u32 offset
///     a property: u32 kind (2 u16, 30 text in a code page, 31 UTF-16, 64 time), then its value
///
/// - Source: Microsoft, *[MS-OLEPS]*, §2.21 "PropertySet"; *[MS-OXMSG]*, §2.4 "Property stream".
struct CompoundSummary {
  private(set) var title: String?
  private(set) var date: Timestamp?

  private static let longest = 0x1_0000
  private let compound: CompoundFile
  private let directory: CompoundDirectory

  init(_ compound: CompoundFile, _ directory: CompoundDirectory, type: String) throws {
    self.compound = compound
    self.directory = directory
    if type == "msg" || type == "oft" {
      try readMessage()
    } else if let bytes = try content("\u{5}SummaryInformation")
      ?? content("\u{5}HwpSummaryInformation")
    {
      // An installer's title says what it is, its subject whose.
      readProperties(bytes, titleID: ["msi", "msp", "mst"].contains(type) ? 3 : 2)
    }
  }

  private mutating func readProperties(_ bytes: [UInt8], titleID: UInt32) {
    guard let section = (try? bytes.little(UInt32.self, at: 44)).map({ Int(clamping: $0) }),
      let count = try? bytes.little(UInt32.self, at: section + 4), count < 1000
    else { return }
    var places: [UInt32: Int] = [:]
    for index in 0..<Int(clamping: count) {
      guard let id = try? bytes.little(UInt32.self, at: section + 8 + 8 * index),
        let place = try? bytes.little(UInt32.self, at: section + 12 + 8 * index)
      else { break }
      places[id] = section + Int(clamping: place)
    }
    let codePage = places[1].flatMap { try? bytes.little(UInt16.self, at: $0 + 4) } ?? 1252
    title = places[titleID].flatMap { Self.text(bytes, at: $0, codePage: codePage) }
    date = [12, 13].lazy.compactMap { places[$0] }.compactMap { Self.time(bytes, at: $0) }.first
  }

  private static func text(_ bytes: [UInt8], at place: Int, codePage: UInt16) -> String? {
    guard let kind = try? bytes.little(UInt32.self, at: place), kind == 30 || kind == 31,
      let length = try? bytes.little(UInt32.self, at: place + 4)
    else { return nil }
    let isWide = kind == 31 || codePage == 1200
    let count = min(Int(clamping: length), 512) * (kind == 31 ? 2 : 1)
    let part = Array(bytes.dropFirst(place + 8).prefix(count))
    if isWide { return wide(part) }
    // Letters of code pages that are not known here would come out as others.
    let isPlain = part.prefix { $0 != 0 }.allSatisfy { $0 < 0x80 }
    return isPlain || [1252, 65001, 10000].contains(codePage) ? ContentText.text(part) : nil
  }

  private static func wide(_ bytes: [UInt8]) -> String? {
    let units = stride(from: 0, to: bytes.count - 1, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
    return ContentText.trimmed(String(decoding: units.prefix { $0 != 0 }, as: UTF16.self))
  }

  private static func time(_ bytes: [UInt8], at place: Int) -> Timestamp? {
    guard (try? bytes.little(UInt32.self, at: place)) == 64,
      let ticks = try? bytes.little(UInt64.self, at: place + 4)
    else { return nil }
    return time(ticks)
  }

  /// A time in units of 100 ns since 1601; nil where it is none that a file may carry.
  private static func time(_ ticks: UInt64) -> Timestamp? {
    let seconds = Int64(clamping: ticks / 10_000_000) - 11_644_473_600
    return seconds > 0 && seconds < 4_102_444_800 ? Timestamp(seconds: seconds) : nil
  }

  /// The subject, and when it was sent (tag 0x0039), delivered (0x0E06) or made (0x3007).
  private mutating func readMessage() throws {
    if let bytes = try content("__substg1.0_0037001F") {
      title = Self.wide(bytes)
    } else if let bytes = try content("__substg1.0_0037001E") {
      title = ContentText.text(bytes)
    }
    guard let bytes = try content("__properties_version1.0") else { return }
    var times: [UInt32: UInt64] = [:]
    for at in stride(from: 32, to: bytes.count - 15, by: 16) {
      times[try bytes.little(UInt32.self, at: at)] = try bytes.little(UInt64.self, at: at + 8)
    }
    date =
      [0x0039_0040, 0x0E06_0040, 0x3007_0040].lazy.compactMap { times[$0] }
      .compactMap { Self.time($0) }.first
  }

  /// The first 64 KiB of a stream in the root; small ones lie in the root's own stream, 64 bytes a
  /// sector. Nil where there is none, or its sectors lie elsewhere.
  private func content(_ name: String) throws -> [UInt8]? {
    guard let entry = directory.stream(name) else { return nil }
    let size = Int(clamping: min(entry.size, UInt64(Self.longest)))
    do {
      let stream =
        entry.size < UInt64(compound.miniCutoff)
        ? try compound.smallSectors(of: directory.root).stream(from: entry.start, size: entry.size)
        : try compound.stream(from: entry.start, size: entry.size)
      return try stream.readPrefix(at: 0, count: ByteCount(clamping: size))
    } catch is Truncated {
      return nil
    }
  }
}
