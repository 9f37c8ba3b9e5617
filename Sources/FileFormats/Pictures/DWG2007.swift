// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A drawing of AutoCAD 2007: a packed header, spread over the blocks of a Reed-Solomon code, which
/// states the file's size, and a copy of it at the end.
///
/// | Offset | Size | Field  | Unit, in the header once unpacked                                |
/// |-------:|-----:|--------|------------------------------------------------------------------|
/// |   0x00 |    8 | size   | of this header: 0x70                                             |
/// |   0x08 |    8 | size   | of the file                                                      |
/// |   0x48 |    8 | copy   | offset, less 0x480                                               |
///
/// - Source: Open Design Alliance, *Open Design Specification for .dwg files 5.4.1*, §5.2 "R2007 File
///   Header".
struct DWG2007 {
  private static let header: ByteOffset = 0x80
  private static let size: ByteCount = 0x400
  private static let blocks = 3
  private static let block = 239
  private static let longest = 0x110

  private let file: Source

  init(_ file: Source) { self.file = file }

  func examination() throws -> Examination {
    let encoded = try file.read(at: Self.header, count: Self.size)
    let header = try Self.unpacked(encoded)
    let end = ByteOffset(try header.little(UInt64.self, at: 8))
    let copy = try ByteOffset(0x480) + ByteCount(header.little(UInt64.self, at: 0x48))
    guard try header.little(UInt64.self, at: 0) == 0x70, try copy + Self.size == end else {
      throw Malformed("DWG", "a header that contradicts itself", at: 0)
    }
    guard try file.read(at: copy, count: Self.size) == encoded else {
      throw Malformed("DWG", "no copy of the header ends the file", at: copy)
    }
    return .whole("dwg", "DWG", end: end, and: [.payloadUnchecked])
  }

  /// The blocks are interleaved; of each, the parity behind 239 bytes is left out.
  private static func unpacked(_ encoded: [UInt8]) throws -> [UInt8] {
    let bytes = (0..<blocks).flatMap { first in
      stride(from: first, to: blocks * block, by: blocks).map { encoded[$0] }
    }
    let count = Int(try bytes.little(Int32.self, at: 0x18))
    if count < 0 { return try bytes.copy(at: 0x20, count: min(-count, longest)) }
    return try DWGUnpacking.unpack2007(bytes.copy(at: 0x20, count: count), atMost: longest)
  }
}
