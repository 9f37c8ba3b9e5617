// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The sections of an unpacked prefetch file: files, their trace chains, their names, volumes.
///
/// | Offset | Size | Field        | Unit                                         |
/// |-------:|-----:|--------------|----------------------------------------------|
/// |   0x54 |    8 | files        | offset, entries                              |
/// |   0x5C |    8 | trace chains | offset, entries                              |
/// |   0x64 |    8 | names        | offset, bytes                                |
/// |   0x6C |   12 | volumes      | offset, entries, bytes                       |
/// |   0x78 |    8 | last run     | 100 ns since 1601; from version 23 on at 0x80 |
///
/// - Source: J. Metz, *Windows Prefetch File (PF) format*, "File information".
struct PrefetchLayout {
  let lastRun: Timestamp?

  init(_ bytes: [UInt8], version: UInt32) throws {
    let fileSize = version == 17 ? 20 : 32
    let chainSize = version >= 30 ? 8 : 12
    let files = try Section(bytes, at: 0x54, entrySize: fileSize)
    let chains = try Section(bytes, at: 0x5C, entrySize: chainSize)
    let names = try Section(bytes, at: 0x64, entrySize: 1)
    let volumes = try Section(bytes, at: 0x6C, entrySize: 0)
    let volumeBytes = Int(clamping: try bytes.little(UInt32.self, at: 0x74))
    guard files.end <= chains.start, chains.end <= names.start, names.end <= volumes.start,
      volumeBytes <= bytes.count - volumes.start
    else { throw Malformed("prefetch file", "its sections overlap", at: 0x54) }
    try Self.checkNames(bytes, files, names, entrySize: fileSize)
    if chainSize == 12 { try Self.checkChains(bytes, chains) }
    lastRun = WindowsTime.moment(try bytes.little(at: version == 17 ? 0x78 : 0x80))
  }

  private struct Section {
    let start: Int
    let count: Int
    let end: Int

    init(_ bytes: [UInt8], at field: Int, entrySize: Int) throws {
      start = Int(clamping: try bytes.little(UInt32.self, at: field))
      count = Int(clamping: try bytes.little(UInt32.self, at: field + 4))
      let size = count.multipliedReportingOverflow(by: entrySize)
      guard start >= 0x98 || count == 0, start <= bytes.count, !size.overflow,
        size.partialValue <= bytes.count - start
      else { throw Malformed("prefetch file", "a section lies outside", at: 0x54) }
      end = start + size.partialValue
    }
  }

  /// Each file names a text that ends with a NUL.
  private static func checkNames(
    _ bytes: [UInt8], _ files: Section, _ names: Section, entrySize: Int
  ) throws {
    let place = entrySize == 20 ? 8 : 12
    for index in 0..<files.count {
      let entry = files.start + index * entrySize
      let offset = Int(clamping: try bytes.little(UInt32.self, at: entry + place))
      let length = Int(clamping: try bytes.little(UInt32.self, at: entry + place + 4))
      let end = names.start + offset + 2 * length
      guard offset <= names.count, 2 * length <= names.count - offset,
        try bytes.little(UInt16.self, at: end) == 0 || end >= names.end
      else {
        throw Malformed(
          "prefetch file", "a file has no name", at: ByteOffset(UInt64(clamping: entry)))
      }
    }
  }

  /// Each entry of a chain names the next one, or none.
  private static func checkChains(_ bytes: [UInt8], _ chains: Section) throws {
    for index in 0..<chains.count {
      let entry = chains.start + index * 12
      let next = try bytes.little(UInt32.self, at: entry)
      guard next == .max || next < UInt32(clamping: chains.count) else {
        throw Malformed(
          "prefetch file", "a trace chain is wrong", at: ByteOffset(UInt64(clamping: entry)))
      }
    }
  }
}
