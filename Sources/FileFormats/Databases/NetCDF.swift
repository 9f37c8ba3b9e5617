// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// netCDF in its classic form: a header with dimensions, attributes and variables; the header
  /// gives each variable's place and size.
  ///
  /// - Source: Unidata, *NetCDF Classic Format Specification*.
  package static let netCDF = FileFormat(
    id: "nc", name: "netCDF data", category: .database, extensions: ["nc", "cdf"],
    validation: .size,
    signatures: [
      Signature([0x43, 0x44, 0x46, 1, 0, 0]), Signature([0x43, 0x44, 0x46, 1, 0xFF, 0xFF]),
      Signature([0x43, 0x44, 0x46, 2, 0, 0]), Signature([0x43, 0x44, 0x46, 5, 0, 0]),
    ],
    maximumSize: 0x400_0000_0000,
    resembles: { bytes in
      let at = (try? bytes.little(UInt8.self, at: 3)) == 5 ? 12 : 8
      return bytes.holds([0, 0, 0, 0x0A], at: at) || bytes.holds([0, 0, 0, 0, 0, 0, 0, 0], at: at)
    }
  ) { file in
    try Examination.walk("nc", file) {
      var walk = NetCDFWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the header: lists, each a tag (A dimensions, B variables, C attributes) and a
/// count. Numbers are big-endian; counts have eight bytes in version 5, offsets from version 2 on.
private struct NetCDFWalk {
  private static let mostItems: UInt64 = 0x1_0000
  private static let sizes: [UInt32: UInt64] = [
    1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 8, 7: 1, 8: 2, 9: 4, 10: 8, 11: 8,
  ]

  private let file: Source
  private var window: Window
  private var version: UInt8 = 1
  private var position: ByteOffset = 4
  private var lengths: [UInt64] = []
  private var title: String?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 0x2000)
  }

  mutating func examination() throws -> Examination {
    version = try window.byte(at: 3)
    let records = try count()
    // A count of records that was never written.
    let isStreamed = version < 5 ? records == 0xFFFF_FFFF : records == .max
    for _ in 0..<(try list(0x0A)) {
      _ = try name()
      lengths.append(try count())
    }
    try attributes(areGlobal: true)
    var end: UInt64 = 0
    var inRecords: [(start: UInt64, size: UInt64)] = []
    for _ in 0..<(try list(0x0B)) {
      let (start, size, isRecord) = try variable()
      if isRecord {
        inRecords.append((start, size))
      } else {
        end = max(end, start.addingReportingOverflow((size + 3) & ~3).partialValue)
      }
    }
    if records > 0, !isStreamed, let first = inRecords.map(\.start).min() {
      // A single variable's records are not padded.
      let sizes = inRecords.map { inRecords.count == 1 ? $0.size : ($0.size + 3) & ~3 }
      let size = sizes.reduce(UInt64(0)) { $0.addingReportingOverflow($1).partialValue }
      end = max(end, try (ByteOffset(first) + ByteCount(size) * records).rawValue)
    }
    guard !lengths.isEmpty || end > 0 else { throw Malformed("netCDF", "it is empty", at: 4) }
    let stop = max(ByteOffset(end), position)
    guard stop <= file.range.upperBound else { throw Truncated() }
    var result = Examination.whole(
      "nc", "netCDF", end: stop, and: [.payloadUnchecked] + (isStreamed ? [.endReasoned] : []))
    result.name = title
    return result
  }

  private mutating func word() throws -> UInt32 {
    defer { position = position.advancedClamped(by: 4) }
    return try window.big(UInt32.self, at: position)
  }

  private mutating func count() throws -> UInt64 {
    if version < 5 { return UInt64(try word()) }
    defer { position = position.advancedClamped(by: 8) }
    return try window.big(UInt64.self, at: position)
  }

  /// The number of items in a list of this kind, or none where it is absent.
  private mutating func list(_ tag: UInt32) throws -> UInt64 {
    let start = position
    let found = try word()
    let items = try count()
    guard found == tag || (found == 0 && items == 0), items <= Self.mostItems else {
      throw Malformed("netCDF", "a list is none", at: start)
    }
    return items
  }

  private mutating func name() throws -> String? {
    let start = position
    let size = try count()
    guard (1...1024).contains(size) else { throw Malformed("netCDF", "a name is none", at: start) }
    let text = ContentText.text(try window.copy(at: position, count: Int(clamping: size)))
    position = try position + ByteCount((size + 3) & ~3)
    return text
  }

  private mutating func attributes(areGlobal: Bool) throws {
    for _ in 0..<(try list(0x0C)) {
      let key = try name()
      let start = position
      guard let size = Self.sizes[try word()] else {
        throw Malformed("netCDF", "an attribute is none", at: start)
      }
      let total = try ByteCount(try count()) * size
      guard total.rawValue < 1 << 32 else {
        throw Malformed("netCDF", "an attribute is none", at: start)
      }
      if areGlobal, key == "title" {
        title = ContentText.text(try file.readPrefix(at: position, count: min(total, 256)))
      }
      position = try position + ByteCount((total.rawValue + 3) & ~3)
      guard position <= file.range.upperBound else { throw Truncated() }
    }
  }

  /// Where a variable's data start, how long they are without padding, and whether records hold
  /// them.
  private mutating func variable() throws -> (UInt64, UInt64, Bool) {
    _ = try name()
    let start = position
    let rank = try count()
    guard rank <= 1024 else { throw Malformed("netCDF", "a variable is none", at: start) }
    var size = ByteCount(1)
    var isRecord = false
    for index in 0..<rank {
      let dimension = try count()
      guard dimension < UInt64(lengths.count) else {
        throw Malformed("netCDF", "a variable has an unknown dimension", at: start)
      }
      let length = lengths[Int(dimension)]
      if length == 0, index == 0 { isRecord = true } else { size = try size * length }
    }
    try attributes(areGlobal: false)
    guard let width = Self.sizes[try word()] else {
      throw Malformed("netCDF", "a variable is none", at: start)
    }
    _ = try count()
    let begin = version == 1 ? UInt64(try word()) : try window.big(UInt64.self, at: position)
    if version > 1 { position = try position + 8 }
    let total = try size * width
    guard total.rawValue < 1 << 50 else {
      throw Malformed("netCDF", "a variable is none", at: start)
    }
    return (begin, total.rawValue, isRecord)
  }
}
