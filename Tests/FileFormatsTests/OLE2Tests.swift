// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing

@testable import FileFormats

@Suite struct `compound files` {
  private static let end: UInt32 = 0xFFFF_FFFE

  /// Header, table in sector 0, directory in 1, a stream of 5,000 bytes in 2 to 11.
  private func bytes(stream name: String = "WordDocument") -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 512 * 13)
    func put(_ at: Int, _ new: [UInt8]) { bytes.replaceSubrange(at..<at + new.count, with: new) }
    put(0, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])
    put(0x18, [0x3E, 0, 3, 0, 0xFE, 0xFF, 9, 0, 6, 0])
    put(0x2C, little(UInt32(1)) + little(UInt32(1)))
    put(0x38, little(UInt32(4096)) + little(Self.end) + little(UInt32(0)) + little(Self.end))
    put(0x48, little(UInt32(0)))
    put(0x4C, [UInt8](repeating: 0xFF, count: 436))
    put(0x4C, little(UInt32(0)))
    var table: [UInt32] = [0xFFFF_FFFD, Self.end] + (3...11) + [Self.end]
    table += [UInt32](repeating: .max, count: 128 - table.count)
    put(512, table.flatMap { little($0) })
    entry("Root Entry", kind: 5, start: Self.end, size: 0, at: 1024, &bytes)
    entry(name, kind: 2, start: 2, size: 5000, at: 1152, &bytes)
    put(1536, junk(5000))
    return bytes
  }

  private func entry(
    _ name: String, kind: UInt8, start: UInt32, size: UInt64, at: Int, _ bytes: inout [UInt8]
  ) {
    let units = name.utf16.flatMap { little($0) }
    bytes.replaceSubrange(at..<at + units.count, with: units)
    bytes.replaceSubrange(at + 64..<at + 66, with: little(UInt16(units.count + 2)))
    bytes[at + 66] = kind
    bytes.replaceSubrange(at + 116..<at + 120, with: little(start))
    bytes.replaceSubrange(at + 120..<at + 128, with: little(size))
  }

  @Test func `a file ends behind the last sector in use`() throws {
    let result = try examine(.ole2, bytes() + junk(900))
    #expect(result.end == .complete)
    #expect(result.length == 6656)
  }

  @Test(arguments: [
    ("WordDocument", "doc"), ("Workbook", "xls"), ("PowerPoint Document", "ppt"),
    ("__properties_version1.0", "msg"),
  ])
  func `its streams give its type`(_ stream: String, _ type: String) throws {
    #expect(try examine(.ole2, bytes(stream: stream)).type == type)
  }

  @Test func `a file cut anywhere is never whole`() throws {
    // What the stream does not fill of the last sector may be missing.
    try expectNoneWhole(.ole2, cutsOf: Array(bytes().dropLast(120)), by: 7)
  }

  @Test func `a chain that ends early is noticed`() throws {
    var damaged = bytes()
    damaged.replaceSubrange(512 + 4 * 5..<512 + 4 * 6, with: little(Self.end))
    #expect(try examine(.ole2, damaged).end != .complete)
  }

  @Test func `a chain into itself ends`() throws {
    var damaged = bytes()
    damaged.replaceSubrange(512 + 4..<512 + 8, with: little(UInt32(1)))
    _ = try examine(.ole2, damaged)
  }

  @Test func `damage gives a bounded answer`() throws {
    try expectBounded(.ole2, damaging: bytes(), times: 1000)
  }
}
