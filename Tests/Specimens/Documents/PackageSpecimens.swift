// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

/// Documents that are ZIP archives: what tells them apart.
enum PackageSpecimens {
  /// An archive of stored members.
  private static func archive(_ members: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for (name, content) in members {
      var crc = CRC32(.iso)
      crc.update(content)
      let size = little(UInt32(content.count))
      let fields = DocumentBytes.joined(
        little(UInt16(20)), zeros(8), little(crc.value), size, size,
        little(UInt16(name.utf8.count)), zeros(2))
      directory += DocumentBytes.joined(
        [0x50, 0x4B, 1, 2], little(UInt16(20)), fields, zeros(10), little(UInt32(bytes.count)),
        ascii(name))
      bytes += DocumentBytes.joined([0x50, 0x4B, 3, 4], fields, ascii(name), content)
    }
    let count = little(UInt16(members.count))
    return DocumentBytes.joined(
      bytes, directory, [0x50, 0x4B, 5, 6], zeros(4), count, count,
      little(UInt32(directory.count)), little(UInt32(bytes.count)), zeros(2))
  }

  private static func office(_ main: String, _ folder: String) -> [UInt8] {
    archive([
      (
        "[Content_Types].xml",
        ascii("<Types><Override ContentType=\"application/\(main)\"/></Types>")
      ),
      ("_rels/.rels", ascii("<Relationships/>")), ("\(folder)/data.xml", junk(400)),
      (
        "docProps/core.xml",
        ascii(
          "<p><dc:title>Cats &amp; dogs</dc:title>"
            + "<dcterms:created>2024-02-03T04:05:06Z</dcterms:created></p>")
      ),
    ])
  }

  private static func stated(_ type: String, _ more: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    archive([("mimetype", ascii(type))] + more)
  }

  static let all: [Specimen] = {
    let date = Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6)
    let word = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    let macros = "vnd.ms-excel.sheet.macroEnabled.main+xml"
    let text = stated(
      "application/vnd.oasis.opendocument.text",
      [("meta.xml", ascii("<meta:creation-date>2024-02-03T04:05:06</meta:creation-date>"))])
    let book = stated(
      "application/epub+zip",
      [("OPS/book.opf", ascii("<dc:title id=\"t\">A book</dc:title>")), ("a.html", junk(300))])
    let pages = archive([("Index/Document.iwa", [0, 9, 0, 0, 8, 1, 0x12, 4, 8, 0x90, 0x4E])])
    let sheet = archive([("index.xml", ascii("<?xml version=\"1.0\"?><ls:document/>"))])
    return [
      Specimen(
        .zip, office(word, "word"), label: "Word", type: "docx", name: "Cats & dogs", date: date),
      Specimen(
        .zip, office(macros, "xl"), label: "Excel with macros", type: "xlsm", name: "Cats & dogs"),
      Specimen(.zip, text, label: "OpenDocument", type: "odt", date: date),
      Specimen(.zip, book, label: "EPUB", type: "epub", name: "A book"),
      Specimen(.zip, pages, label: "Pages", type: "pages"),
      Specimen(.zip, sheet, label: "Numbers '09", type: "numbers"),
    ]
  }()
}
