// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Compression
import Findings
import SignatureScan

extension FileFormat {
  /// 7z: packed streams, then a header that says what they are; a start header says where it is.
  ///
  ///     0   37 7A BC AF 27 1C   6  u8 0, u8 version   8  u32 CRC-32 of the next 20 bytes
  ///     12  u64 offset of the header behind byte 32   20 u64 its size   28 u32 its CRC-32
  ///
  /// - Source: I. Pavlov, *7z Format description*, "SignatureHeader".
  package static let sevenZip = FileFormat(
    id: "7z", name: "7z archive", category: .archive, extensions: ["7z", "cb7"],
    otherCategories: [.document: ["cb7"]], validation: .checksums,
    signatures: [Signature([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C])],
    maximumSize: 0x100_0000_0000,
    resembles: { bytes in
      (try? bytes.copy(at: 0, count: 32)).flatMap { try? SevenZipStart($0) } != nil
    }
  ) { file in
    try Examination.walk("7z", file) { try SevenZipWalk(file).examination() }
  }
}

/// The first 32 bytes of a 7z archive, whose checksum holds.
struct SevenZipStart {
  static let length: ByteOffset = 32
  let header: Range<ByteOffset>
  let crc: UInt32

  init(_ bytes: [UInt8]) throws {
    var sum = CRC32(.iso)
    sum.update(try bytes.copy(at: 12, count: 20))
    guard bytes[6] == 0, try bytes.little(UInt32.self, at: 8) == sum.value else {
      throw Malformed("7z", "the checksum of its start is wrong")
    }
    let start = try Self.length + ByteCount(bytes.little(UInt64.self, at: 12))
    header = try Range(at: start, count: ByteCount(bytes.little(UInt64.self, at: 20)))
    crc = try bytes.little(UInt32.self, at: 28)
  }
}

/// The walk over a 7z archive: its end, its header, and what of its streams can be decompressed.
private struct SevenZipWalk {
  /// Headers of archives with a million files have some 50 MiB; those are not read into memory.
  private static let mostHeader: ByteCount = 0x100_0000
  private static let mostDepth = 4
  private static let mostFolders = 100_000
  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let start = try SevenZipStart(file.read(at: 0, count: 32))
    let end = start.header.upperBound
    guard end <= file.range.upperBound else { throw Truncated() }
    if start.header.isEmpty {
      let isEmpty = start.crc == 0 && start.header.lowerBound == SevenZipStart.length
      guard isEmpty else { throw Malformed("7z", "it has no header", at: end) }
      return .whole("7z", "7z", end: end)
    }
    guard try file.crc32(of: start.header) == start.crc else {
      throw Malformed("7z", "the checksum of its header is wrong", at: start.header.lowerBound)
    }
    let proof = try proof(of: start.header)
    switch proof {
    case .sums(let count):
      return .whole("7z", "7z", end: end, and: [.checksumsHold(count: count, kind: "CRC-32")])
    case .decoded: return .whole("7z", "7z", end: end, and: [.decoded("7z")])
    case .none: return .whole("7z", "7z", end: end, and: [.payloadUnchecked])
    }
  }

  private enum Proof {
    case sums(UInt64)
    case decoded
    case none
  }

  /// What the streams show; throws `Malformed` where one of them is wrong.
  private func proof(of header: Range<ByteOffset>) throws -> Proof {
    guard header.length <= Self.mostHeader else { return .none }
    var bytes = try file.read(at: header.lowerBound, count: header.length)
    var behind = header.lowerBound
    for _ in 0..<Self.mostDepth {
      guard let parsed = try? SevenZipHeader(bytes) else { return .none }
      guard parsed.isPacked else {
        return try proof(of: parsed.streams, upTo: behind)
      }
      // The header itself is packed: one stream, the last before it.
      guard parsed.streams.folders.count == 1, let folder = parsed.streams.folders.first,
        folder.unpackSize <= Self.mostHeader.rawValue
      else { return .none }
      let place = try parsed.streams.place(of: folder)
      guard place.upperBound == behind,
        let decoding = try folder.decode(
          file, in: place, collect: Int(clamping: folder.unpackSize))
      else { return .none }
      try check(folder, decoding, at: place)
      bytes = decoding.output
      behind = place.lowerBound
    }
    return .none
  }

  private func proof(of streams: SevenZipStreams, upTo end: ByteOffset) throws -> Proof {
    // What no folder speaks for is not checked.
    guard try streams.end == end, streams.folders.count <= Self.mostFolders else { return .none }
    var sums: UInt64 = 0
    var isDecoded = true
    for folder in streams.folders {
      let place = try streams.place(of: folder)
      guard let decoding = try folder.decode(file, in: place, collect: 0) else {
        isDecoded = false
        continue
      }
      sums &+= try check(folder, decoding, at: place) ? 1 : 0
    }
    if !isDecoded { return .none }
    return sums == UInt64(clamping: streams.folders.count) && sums > 0 ? .sums(sums) : .decoded
  }

  /// Whether the checksum of a folder holds; false where it has none, `Malformed` where it is wrong.
  @discardableResult
  private func check(
    _ folder: SevenZipFolder, _ decoding: Decoding, at place: Range<ByteOffset>
  ) throws -> Bool {
    guard decoding.end == .complete || decoding.end == .truncated,
      decoding.produced == folder.packedFormSize
    else {
      throw Malformed(
        "7z", "its data cannot be decompressed",
        at: place.lowerBound.advancedClamped(by: decoding.consumed))
    }
    guard folder.isPlain, let crc = folder.crc else { return false }
    guard crc == decoding.crc else {
      throw Malformed("7z", "the checksum of its data is wrong", at: place.lowerBound)
    }
    return true
  }
}
