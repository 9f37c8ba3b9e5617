// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import Testing

@testable import FileFormats

@Suite struct `Files whose end is missing` {
  private func mended(_ bytes: [UInt8], _ format: String) throws -> [UInt8] {
    let mend = try #require(
      try Mending.mend(Source(bytes: bytes), format: format, references: []))
    let content = try mend.applied(to: [Extent(bytes: bytes)])
    let file = Source(nil, extents: content, name: "mended")
    return try file.read(at: 0, count: file.length)
  }

  private func chunk(_ type: String, _ data: [UInt8]) -> [UInt8] {
    var crc = CRC32(.iso)
    crc.update(Array(type.utf8) + data)
    return big(UInt32(data.count)) + Array(type.utf8) + data + big(crc.value)
  }

  @Test(arguments: [100, 700, 1500]) func `a PNG's chunks hold again`(_ missing: Int) throws {
    let whole: [UInt8] =
      [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", big(UInt32(64)) + big(UInt32(64)) + [8, 0, 0, 0, 0])
      + chunk("IDAT", junk(1000)) + chunk("IDAT", junk(1000, seed: 2)) + chunk("IEND", [])
    let bytes = try mended(Array(whole.dropLast(missing)), "png")
    let result = try examine(.png, bytes)
    #expect(result.end == .complete)
    #expect(result.evidence.contains { if case .checksumsHold = $0 { true } else { false } })
  }

  @Test func `pictures get the mark that ends them`() throws {
    #expect(try mended([0xFF, 0xD8, 1, 2, 3], "jpg") == [0xFF, 0xD8, 1, 2, 3, 0xFF, 0xD9])
    #expect(try mended([0x47, 1, 2], "gif") == [0x47, 1, 2, 0, 0x3B])
    #expect(
      try Mending.mend(Source(bytes: [0xFF, 0xD8, 0xFF, 0xD9]), format: "jpg", references: [])
        == nil)
  }

  @Test func `a ZIP archive gets a directory over its whole members`() throws {
    func member(_ name: String, _ data: [UInt8]) -> [UInt8] {
      var crc = CRC32(.iso)
      crc.update(data)
      return [0x50, 0x4B, 3, 4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0] + little(crc.value)
        + little(UInt32(data.count)) + little(UInt32(data.count)) + little(UInt16(name.utf8.count))
        + [0, 0] + Array(name.utf8) + data
    }
    let whole = member("one", junk(500)) + member("two", junk(700, seed: 2))
    let cut = whole + member("three", junk(900, seed: 3)).prefix(400)
    let bytes = try mended(cut, "zip")
    #expect(Array(bytes.prefix(cut.count)) == cut)
    let end = Array(bytes.suffix(22))
    #expect(end.holds([0x50, 0x4B, 5, 6], at: 0))
    #expect(try end.little(UInt16.self, at: 10) == 2)
    #expect(try end.little(UInt32.self, at: 16) == UInt32(cut.count))
    // Without the broken member it is an archive as any other.
    let plain = try mended(whole, "zip")
    #expect(try examine(.zip, plain).end == .complete)
  }

  @Test func `a PDF document gets a table, and a catalogue over its pages`() throws {
    let head = "%PDF-1.4\n1 0 obj\n<< /Type /Page /Parent 9 0 R /MediaBox [0 0 9 9] >>\nendobj\n"
    let cut = Array((head + "2 0 obj\n<< /Length 900 >>\nstream\nabc").utf8)
    let text = String(decoding: try mended(cut, "pdf"), as: UTF8.self)
    #expect(text.contains("/Kids [1 0 R]"))
    #expect(text.contains("1 1\n0000000009 00000 n"))
    #expect(text.hasSuffix("%%EOF\n"))
  }

  @Test func `a database promises no pages that are missing`() throws {
    var bytes = [UInt8](repeating: 0, count: 5000)
    bytes.replaceSubrange(16..<18, with: big(UInt16(1024)))
    bytes.replaceSubrange(28..<32, with: big(UInt32(12)))
    let result = try mended(bytes, "sqlite")
    #expect(result.count == 4096)
    #expect(try result.big(UInt32.self, at: 28) == 4)
  }
}
