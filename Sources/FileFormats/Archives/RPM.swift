// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// RPM package: a lead of 96 bytes, a header with size and checksums of the rest, padded to
  /// eight, a header that describes the package, and the compressed payload.
  ///
  /// - Source: Linux Standard Base, *Core Specification 5.0*, ch. 22 "Package Format"; RPM,
  ///   *File Format V4*.
  package static let rpm = FileFormat(
    id: "rpm", name: "RPM package", category: .archive, extensions: ["rpm", "srpm", "drpm"],
    validation: .checksums,
    signatures: [Signature([0xED, 0xAB, 0xEE, 0xDB])], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let major = try? bytes.little(UInt8.self, at: 4) else { return false }
      return (2...4).contains(major) && bytes.holds([0, 5], at: 78)
        && bytes.holds([0x8E, 0xAD, 0xE8, 1, 0, 0, 0, 0], at: 96)
    }
  ) { file in
    try Examination.walk("rpm", file) { try RPMWalk(file).examination() }
  }
}

private struct RPMWalk {
  private enum Tag {
    static let longSize: UInt32 = 270
    static let size: UInt32 = 1000
    static let md5: UInt32 = 1004
    static let name: UInt32 = 1000
    static let version: UInt32 = 1001
    static let release: UInt32 = 1002
    static let buildTime: UInt32 = 1006
    static let architecture: UInt32 = 1022
    static let sourcePackage: UInt32 = 1106
    static let payloadDigest: UInt32 = 5092
    static let payloadSize: UInt32 = 5112
  }

  private let file: Source
  private let start: ByteOffset
  private let signature: RPMHeader
  private let header: RPMHeader

  init(_ file: Source) throws {
    self.file = file
    signature = try RPMHeader(in: file, at: 96)
    start = ByteOffset((signature.end.rawValue &+ 7) & ~7)
    header = try RPMHeader(in: file, at: start)
  }

  func examination() throws -> Examination {
    let end = try end()
    guard end >= header.end else { throw Malformed("RPM", "its size is wrong", at: start) }
    guard end <= file.range.upperBound else { throw Truncated() }
    guard let proof = try proof(to: end) else {
      var result = Examination.broken(
        at: header.end, problem: "the checksum of its content is wrong",
        evidence: [.headerMatched("rpm")])
      // The payload would be carved as an archive of its own, and is as broken.
      result.children = [.init(type: "gz", range: header.end..<end)]
      return result
    }
    var result = Examination.whole("rpm", "RPM", end: end, and: [proof])
    result.name = try name()
    if let time = try header.number(Tag.buildTime, UInt32.self), time > 0 {
      result.date = Timestamp(seconds: Int64(time))
    }
    return result
  }

  private func end() throws -> ByteOffset {
    if let size = try signature.number(Tag.longSize, UInt64.self) {
      return try start + ByteCount(size)
    }
    if let size = try signature.number(Tag.size, UInt32.self) {
      return try start + ByteCount(UInt64(size))
    }
    if let size = try header.number(Tag.payloadSize, UInt64.self) {
      return try header.end + ByteCount(size)
    }
    throw Malformed("RPM", "it does not state its size", at: 96)
  }

  /// What the content's checksum shows; nil where it is wrong.
  private func proof(to end: ByteOffset) throws -> Evidence? {
    if let stated = try signature.bytes(Tag.md5, count: 16) {
      var hash = MessageDigest(.md5)
      try forEachPiece(of: start..<end) { hash.update($0) }
      return hash.finish() == stated ? .checksumsHold(count: 1, kind: "MD5") : nil
    }
    if let stated = try header.text(Tag.payloadDigest), stated.utf8.count == 64 {
      var hash = SHA256()
      try forEachPiece(of: header.end..<end) { hash.update($0) }
      return hash.finish().hexadecimal == stated ? .checksumsHold(count: 1, kind: "SHA-256") : nil
    }
    return .payloadUnchecked
  }

  private func forEachPiece(of range: Range<ByteOffset>, _ body: (RawSpan) -> Void) throws {
    var at = range.lowerBound
    while at < range.upperBound {
      let next = min(range.upperBound, at.advancedClamped(by: 0x10_0000))
      try file.withBytes(in: at..<next) { body($0) }
      at = next
    }
  }

  private func name() throws -> String? {
    guard let name = try header.text(Tag.name) else { return nil }
    let version = [name, try header.text(Tag.version), try header.text(Tag.release)]
    // A source package names the machine that built it.
    let isSource = try header.number(Tag.sourcePackage, UInt32.self) ?? 0 > 0
    let architecture = isSource ? "src" : try header.text(Tag.architecture)
    return version.compactMap { $0 }.joined(separator: "-") + (architecture.map { "." + $0 } ?? "")
  }
}
