// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage

/// The segment files of an E01 image, written in order: header and volume, then chunks and their
/// tables, at the end errors and digests. One thread at a time.
///
/// - Source: Metz, *Expert Witness Compression Format (EWF)*, §3 "The segment file".
final class EWFSegments: @unchecked Sendable {
  private let names: EWFNames
  private let folder: Descriptor
  private let settings: EWFSettings
  private let geometry: EWFGeometry
  private var files: [EWFFile] = []
  private var file: EWFFile
  /// Where the sectors section starts that chunks go to; nil between two.
  private var sectors: UInt64?
  private var entries: [UInt32] = []

  /// What closes a segment beside its tables: volume data, `next`.
  private static let closing = UInt64(EWFGeometry.size + 4 * EWFSection.descriptor + 300)

  init(
    _ path: String, names: EWFNames, geometry: EWFGeometry, settings: EWFSettings
  ) throws(SinkError) {
    let above = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) }
    let number = unsafe cs_open_folder(above ?? ".")
    guard number >= 0 else { throw SinkError(path, SystemError(number)) }
    folder = Descriptor(number)
    self.names = names
    self.settings = settings
    self.geometry = geometry
    file = try EWFFile(path: path, folder: folder)
    files = [file]
    try begin()
  }

  /// Appends a chunk as it is to be stored.
  func append(_ chunk: UnsafeRawBufferPointer, isPacked: Bool) throws(SinkError) {
    let tables = 2 * UInt64(EWFSection.descriptor + EWFTable.header + 4 * (entries.count + 2))
    let size = file.end + UInt64(chunk.count) + tables + Self.closing
    if size > settings.segmentSize.rawValue, !entries.isEmpty {
      try endSectors()
      try nextFile()
    } else if entries.count == EWFTable.mostEntries {
      try endSectors()
    }
    if sectors == nil { sectors = try beginSectors() }
    guard let start = sectors else { return }
    entries.append(UInt32(clamping: file.end - start) | (isPacked ? 0x8000_0000 : 0))
    try unsafe file.append(chunk)
  }

  /// Writes what stands at the end, and gives all files their names.
  func finish(errors: [(first: UInt32, count: UInt32)], md5: [UInt8]?, sha1: [UInt8]?)
    throws(SinkError)
  {
    try endSectors()
    if files.count == 1 { try section("data", geometry.bytes(settings.compression)) }
    if !errors.isEmpty { try section("error2", Self.errorList(errors)) }
    if let sha1 {
      try checked("digest", (md5 ?? []).padded(16) + sha1.padded(20) + [].padded(40))
    }
    if let md5 { try checked("hash", md5.padded(16) + [].padded(16)) }
    try file.append(EWFSection.bytes("done", at: file.end, size: 0, isLast: true))
    for file in files { try file.sync() }
    do throws(SinkError) {
      for file in files.reversed() { try file.publish() }
    } catch {
      for file in files { file.withdraw() }
      throw error
    }
  }

  private func begin() throws(SinkError) {
    var start = EWFSection.signature + [1]
    start.append(little: UInt16(clamping: files.count))
    try file.append(start + [0, 0])
    guard files.count == 1 else {
      return try section("data", geometry.bytes(settings.compression))
    }
    let packer = Deflater(level: 6)
    let header2 = packer.pack(settings.metadata.header2(date: "\(settings.date)")) ?? []
    try section("header2", header2)
    try section("header2", header2)
    let date = Self.calendar(settings.date)
    try section("header", packer.pack(settings.metadata.header(date: date)) ?? [])
    try section("volume", geometry.bytes(settings.compression))
  }

  private func nextFile() throws(SinkError) {
    try file.append(EWFSection.bytes("next", at: file.end, size: 0, isLast: true))
    guard let path = names.path(files.count + 1) else { throw SinkError(file.path, .tooLarge) }
    file = try EWFFile(path: path, folder: folder)
    files.append(file)
    try begin()
  }

  private func beginSectors() throws(SinkError) -> UInt64 {
    let start = file.end
    sectors = start
    // Its size comes once it is known.
    try file.append(EWFSection.bytes("sectors", at: start, size: 0))
    return start
  }

  private func endSectors() throws(SinkError) {
    guard let start = sectors else { return }
    let size = file.end - start - UInt64(EWFSection.descriptor)
    try file.write(EWFSection.bytes("sectors", at: start, size: size), at: start)
    let table = EWFTable.bytes(base: start, entries: entries)
    try section("table", table)
    try section("table2", table)
    sectors = nil
    entries.removeAll(keepingCapacity: true)
  }

  private func section(_ type: String, _ bytes: [UInt8]) throws(SinkError) {
    let head = EWFSection.bytes(type, at: file.end, size: UInt64(bytes.count))
    try file.append(head + bytes)
  }

  private func checked(_ type: String, _ bytes: [UInt8]) throws(SinkError) {
    var bytes = bytes
    bytes.append(little: adler32(bytes))
    try section(type, bytes)
  }

  private static func errorList(_ errors: [(first: UInt32, count: UInt32)]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: UInt32(clamping: errors.count))
    bytes += [UInt8](repeating: 0, count: 512)
    bytes.append(little: adler32(bytes))
    var list: [UInt8] = []
    for error in errors {
      list.append(little: error.first)
      list.append(little: error.count)
    }
    bytes += list
    bytes.append(little: adler32(list))
    return bytes
  }

  /// Year, month, day, hour, minute and second, in UTC, parted by blanks.
  private static func calendar(_ seconds: Int64) -> String {
    let day = seconds.quotientAndFlooredRemainder(dividingBy: 86_400)
    // Days count from 1 March of the year 0, so that a leap day ends its year.
    let era = (day.quotient + 719_468).quotientAndFlooredRemainder(dividingBy: 146_097)
    let of = era.remainder
    let year = (of - of / 1460 + of / 36_524 - of / 146_096) / 365
    let rest = of - (365 * year + year / 4 - year / 100)
    let month = (5 * rest + 2) / 153
    let date = rest - (153 * month + 2) / 5 + 1
    let number = month < 10 ? month + 3 : month - 9
    let full = era.quotient * 400 + year + (number <= 2 ? 1 : 0)
    let time = day.remainder
    return "\(full) \(number) \(date) \(time / 3600) \(time / 60 % 60) \(time % 60)"
  }
}

extension [UInt8] {
  fileprivate func padded(_ count: Int) -> [UInt8] {
    Array(prefix(count)) + [UInt8](repeating: 0, count: Swift.max(0, count - self.count))
  }
}

extension Int64 {
  fileprivate func quotientAndFlooredRemainder(
    dividingBy divisor: Int64
  ) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
