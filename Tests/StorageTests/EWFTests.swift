// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Fixtures
import Foundation
import Testing

@testable import Storage

/// Whether an outside tool is installed.
private func tool(_ name: String) -> String? {
  let path = "/usr/bin/" + name
  return access(path, X_OK) == 0 ? path : nil
}

/// Runs a tool without output and returns its status.
private func run(_ tool: String, _ arguments: [String]) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(filePath: tool)
  process.arguments = arguments
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}

@Suite struct `An E01 image` {
  let folder = Folder()

  /// Noise, zeros and text, as long as asked for.
  func disk(_ count: Int) -> [UInt8] {
    let text = Array("a line of text that comes again\n".utf8)
    var bytes = pattern(count / 3) + [UInt8](repeating: 0, count: count / 3)
    while bytes.count < count { bytes += text }
    return Array(bytes.prefix(count))
  }

  @discardableResult
  func write(
    _ bytes: [UInt8], _ settings: EWFSettings = EWFSettings(), name: String = "disk.E01"
  ) throws -> String {
    let path = folder.path + "/" + name
    let writer = try EWFWriter(
      path: path, length: ByteCount(clamping: bytes.count), settings: settings)
    try convert(Source(bytes: bytes), to: writer)
    return path
  }

  func contents(_ path: String) throws -> [UInt8] {
    let source = Source(try openMedium(at: path))
    return try source.read(at: 0, count: source.length)
  }

  @Test(arguments: [512, 32_768, 33_280, 1_000_448, 5_000_192])
  func `reads back as it was written`(count: Int) throws {
    let bytes = disk(count)
    for (index, compression) in EWFSettings.Compression.allCases.enumerated() {
      let path = try write(
        bytes, EWFSettings(compression: compression), name: "\(index)-\(count).E01")
      #expect(try contents(path) == bytes)
      let metadata = try EWFMedium(path: path).metadata
      #expect(metadata.md5 == MessageDigest.hash(bytes, .md5))
      #expect(metadata.sha1 == MessageDigest.hash(bytes, .sha1))
    }
  }

  @Test func `a last sector that is not whole is filled up with zeros`() throws {
    let path = try write(disk(1000))
    #expect(try contents(path) == disk(1000) + [UInt8](repeating: 0, count: 24))
  }

  @Test(.enabled(if: tool("ewfverify") != nil, "ewfverify is missing"))
  func `in several segments is whole for other tools`() throws {
    let bytes = pattern(4_000_256)
    let path = try write(bytes, EWFSettings(segmentSize: 0x10_0000))
    #expect(folder.names().map { String(decoding: $0, as: UTF8.self) }.count == 4)
    #expect(try run(tool("ewfverify")!, ["-d", "sha1", path]) == 0)
    #expect(try contents(path) == bytes)
  }

  @Test(.enabled(if: tool("ewfacquire") != nil, "ewfacquire is missing"))
  func `of another tool reads as the raw image`() throws {
    let bytes = disk(3_000_320)
    let raw = folder.file("disk.dd", bytes)
    #expect(
      try run(
        tool("ewfacquire")!,
        [
          "-u", "-q", "-c", "fast", "-S", "1048576", "-C", "41", "-e", "É. Dupont", "-t",
          folder.path + "/other", raw,
        ])
        == 0)
    let path = folder.path + "/other.E01"
    #expect(try contents(path) == bytes)
    let metadata = try EWFMedium(path: path).metadata
    #expect(metadata.caseNumber == "41")
    #expect(metadata.md5 == MessageDigest.hash(bytes, .md5))
  }

  @Test(
    .enabled(if: tool("ewfacquire") != nil, "ewfacquire is missing"),
    arguments: ["smart", "ftk", "encase1", "encase5", "encase6", "linen6"])
  func `of any kind reads as the raw image`(kind: String) throws {
    let bytes = disk(1_000_448)
    let raw = folder.file("disk.dd", bytes)
    let status = try run(
      tool("ewfacquire")!,
      ["-u", "-q", "-f", kind, "-c", "fast", "-t", folder.path + "/other", raw])
    #expect(status == 0)
    #expect(try contents(folder.path + (kind == "smart" ? "/other.s01" : "/other.E01")) == bytes)
  }

  @Test func `tells what its maker could not read, and lends nothing of it`() throws {
    let bytes = disk(200_192)
    let path = folder.path + "/disk.E01"
    let writer = try EWFWriter(path: path, length: 200_192, settings: EWFSettings())
    try bytes.withSpan { try writer.write($0) }
    let bad: [Range<ByteOffset>] = [1024..<2048, 100_352..<100_864]
    #expect(try writer.finish(errors: bad).isEmpty)
    let medium = try openMedium(at: path)
    #expect(Array(medium.knownDefects.ranges) == bad)
    #expect(throws: ReadError(source: path, range: 1024..<1536)) {
      try Source(medium).read(at: 512, count: 1024)
    }
    #expect(try Source(medium).read(at: 2048, count: 512) == Array(bytes[2048..<2560]))
  }

  @Test func `keeps what the examiner wrote`() throws {
    var metadata = EWFMetadata()
    metadata.caseNumber = "2026-7"
    metadata.examiner = "É. Dupont"
    metadata.notes = "one\ttwo\nthree"
    let path = try write(disk(512), EWFSettings(metadata: metadata, date: 1_795_760_202))
    let found = try EWFMedium(path: path).metadata
    #expect(found.caseNumber == "2026-7")
    #expect(found.examiner == "É. Dupont")
    #expect(found.notes == "one two three")
    #expect(found.acquired == "1795760202")
  }

  @Test func `is never written over another`() throws {
    let path = try write(disk(512))
    #expect(throws: SinkError(path, .exists)) { try write(disk(1024)) }
    #expect(try contents(path) == disk(512))
  }

  @Test func `that is not finished disappears`() throws {
    do {
      let writer = try EWFWriter(
        path: folder.path + "/disk.E01", length: 10_000_000, settings: EWFSettings())
      try pattern(9_000_000).withSpan { try writer.write($0) }
      #expect(throws: SinkError.self) { try writer.finish() }
    }
    #expect(folder.names().isEmpty)
  }

  @Test func `without one of its segments is refused with its name`() throws {
    let path = try write(pattern(4_000_256), EWFSettings(segmentSize: 0x10_0000))
    let second = folder.path + "/disk.E02"
    #expect(unlink(second) == 0)
    #expect(throws: SourceError(second, .missingPart(2))) { try openMedium(at: path) }
  }

  @Test func `with a damaged chunk loses that chunk alone`() throws {
    let bytes = pattern(327_680)
    let path = try write(bytes, EWFSettings(compression: .none))
    var file = try #require(folder.bytes("disk.E01"))
    file[100_000] ^= 1
    folder.file("disk.E01", file)
    var lost = RangeSet<ByteOffset>()
    try openMedium(at: path).withReadableBytes(in: 0..<327_680) { _, defects in lost = defects }
    #expect(lost.length == 32_768)
  }

  @Test func `without a table lends nothing of what would follow`() throws {
    // More chunks than one table takes, so that a second one comes.
    let bytes = [UInt8](repeating: 0, count: 32_768 * 16_375) + pattern(65_536)
    let path = try write(bytes)
    var file = try #require(folder.bytes("disk.E01"))
    for type in ["table", "table2"] {
      let name = Array(type.utf8) + [UInt8](repeating: 0, count: 16 - type.utf8.count)
      let at = try #require(file.firstRange(of: name)).lowerBound
      file[at + 76 + 16_000] ^= 1
    }
    folder.file("disk.E01", file)
    let medium = try openMedium(at: path)
    #expect(medium.length == ByteCount(clamping: bytes.count))
    #expect(medium.knownDefects.length == medium.length)
  }

  @Test func `of zeros takes next to no room`() throws {
    let bytes = [UInt8](repeating: 0, count: 10_000_384)
    let path = try write(bytes)
    #expect(try contents(path) == bytes)
    #expect(try #require(folder.bytes("disk.E01")).count < 40_000)
  }

  @Test func `is not opened by a later segment`() throws {
    let path = try write(pattern(4_000_256), EWFSettings(segmentSize: 0x10_0000))
    let second = folder.path + "/disk.E02"
    #expect(throws: SourceError.self) { try openMedium(at: second) }
    #expect(rename(second, path) == 0)
    #expect(throws: SourceError.self) { try openMedium(at: path) }
  }

  @Test func `damaged anywhere or cut is read or refused`() throws {
    let path = try write(disk(300_032))
    let whole = try #require(folder.bytes("disk.E01"))
    var noise = Noise(state: 7)
    for trial in 0..<500 {
      var file = whole
      for _ in 0..<4 {
        let reach = trial % 2 == 0 ? file.count : 2000
        let at = trial % 3 == 0 ? file.count - reach : 0
        file[at + Int.random(in: 0..<reach, using: &noise)] = UInt8.random(
          in: 0...255, using: &noise)
      }
      if trial % 5 == 0 { file = Array(file.prefix(Int.random(in: 1..<file.count, using: &noise))) }
      folder.file("disk.E01", file)
      guard let medium = try? openMedium(at: path) else { continue }
      let end = min(ByteOffset(medium.length), 0x10_0000)
      try medium.withReadableBytes(in: 0..<end) { bytes, _ in
        #expect(ByteCount(clamping: bytes.byteCount) == (0..<end).length)
      }
    }
  }

  @Test func `has names for 14,971 segments`() {
    let names = EWFNames(first: "a.E01")
    #expect(names?.path(99) == "a.E99")
    #expect(names?.path(100) == "a.EAA")
    #expect(names?.path(775) == "a.EZZ")
    #expect(names?.path(776) == "a.FAA")
    #expect(names?.path(14_971) == "a.ZZZ")
    #expect(names?.path(14_972) == nil)
    #expect(EWFNames(first: "a.img") == nil)
  }
}

/// Measured against `ewfacquire` by hand: RENFLOU_EWF_INPUT is a raw image, and the E01 image is
/// written to RENFLOU_EWF_OUTPUT.
@Suite(.enabled(if: getenv("RENFLOU_EWF_INPUT") != nil, "RENFLOU_EWF_INPUT is not set"))
struct `An E01 image on request` {
  @Test func `is made of a raw image`() throws {
    let environment = ProcessInfo.processInfo.environment
    let input = try openMedium(at: try #require(environment["RENFLOU_EWF_INPUT"]))
    let writer = try EWFWriter(
      path: try #require(environment["RENFLOU_EWF_OUTPUT"]), length: input.length,
      settings: EWFSettings())
    #expect(try convert(Source(input), to: writer).isEmpty)
  }
}
