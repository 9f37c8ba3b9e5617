// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan
import Testing

@testable import FileFormats

@Suite struct `Signatures of the technician's own` {
  private func formats(_ lines: String...) throws -> [UserFormat] {
    var list = SignatureList()
    for line in lines { try list.add(line: Array(line.utf8)[...]) }
    return list.formats
  }

  @Test func `PhotoRec's form holds text, characters and hexadecimal`() throws {
    let read = try formats("# comment", "", "xyz 4 \"AB\\n\", 'c' 0x00ff")
    let signature = Signature([0x41, 0x42, 0x0A, 0x63, 0x00, 0xFF], at: 4)
    #expect(try read == [UserFormat(id: "xyz", signatures: [signature])])
  }

  @Test func `foremost's form holds case, size, header, footer and wildcards`() throws {
    let read = try formats("xyz n 2000 a\\x01? \\x00end")
    let header = Signature(
      masked: [.init(0x41, mask: 0xDF), .init(1), .init(0, mask: 0)], alignment: 512)
    #expect(read.first?.signatures == [header])
    #expect(read.first?.maximumSize == 2000)
    #expect(read.first?.footer.count == 4)
  }

  @Test(arguments: [
    "xyz", "xyz q 1", "xyz 0", "xyz 0 0x1", "xyz 0 0x00 0x00", "xyz y big AB", "xyz y 100",
    "xyz y 100 \\xZZ11", "toolongforanextension 0 \"ABCD\"", "x/y 0 \"ABCD\"", "xyz y 100 /AB/",
  ])
  func `a wrong line is refused`(line: String) {
    #expect(throws: Malformed.self) { try formats(line) }
  }

  @Test func `a file ends behind its footer`() throws {
    let format = try UserFormat(
      id: "xyz", signatures: [Signature("XYZ1")], footer: [.init(0x45), .init(0x4E), .init(0x44)]
    ).format
    let result = try examine(
      format, Array("XYZ1".utf8) + zeros(5000) + Array("END".utf8) + zeros(99))
    #expect(result.end == .complete)
    #expect(result.length == 5007)
  }

  @Test func `without its footer it is broken`() throws {
    let format = try UserFormat(
      id: "xyz", signatures: [Signature("XYZ1")], footer: [.init(0x45), .init(0x4E)],
      maximumSize: 3000
    ).format
    #expect(try examine(format, Array("XYZ1".utf8) + zeros(9000)).end == .broken(at: 3000))
  }

  @Test func `without any footer it ends where blank blocks begin`() throws {
    let format = try UserFormat(id: "xyz", signatures: [Signature("XYZ1")]).format
    let bytes = Array("XYZ1".utf8) + junk(5000) + [7]
    #expect(try examine(format, bytes + zeros(20_000)).length == 5005)
  }

  private func zeros(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }
}

@Suite struct `Words for types` {
  @Test func `a category, a group and an extension are known`() {
    #expect(FileFormat.types(meantBy: "photo")?.contains("jpg") == true)
    #expect(FileFormat.types(meantBy: "office")?.contains("docx") == true)
    #expect(FileFormat.types(meantBy: "raw")?.contains("nef") == true)
    #expect(FileFormat.types(meantBy: "jpg") == ["jpg"])
    #expect(FileFormat.types(meantBy: "nosuchtype") == nil)
  }

  @Test func `no two formats are of one category by accident`() {
    for format in FileFormat.all {
      for type in format.otherCategories.values.flatMap(\.self) {
        #expect(format.extensions.contains(type), "\(format.id): \(type)")
      }
    }
  }
}
