// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// ZIP archives and documents in them.
enum ZIPSpecimens {
  /// A member, and how it is written.
  private struct Member {
    var name: String
    var data: [UInt8]
    var isStored = false
    var sizesFollow = false
    var isWide = false
  }

  static let all: [Specimen] = {
    let text = ArchiveBytes.text
    let plain = archive([
      Member(name: "harbor.txt", data: text), Member(name: "boat/", data: [], isStored: true),
      Member(name: "boat/stored.txt", data: text, isStored: true),
    ])
    let followed = archive(
      [
        Member(name: "harbor.txt", data: text, sizesFollow: true),
        Member(name: "wide.txt", data: text, sizesFollow: true, isWide: true),
      ], comment: "A comment, PK and all")
    let nested = archive([
      Member(name: "inner.zip", data: plain, isStored: true), Member(name: "b", data: text),
    ])
    let title =
      "<cp:coreProperties><dc:title>A boat</dc:title>"
      + "<dcterms:created>2024-02-03T04:05:06Z</dcterms:created></cp:coreProperties>"
    let document = archive([
      Member(name: "[Content_Types].xml", data: ascii("<Types/>")),
      Member(name: "word/document.xml", data: text),
      Member(name: "docProps/core.xml", data: ascii(title)),
    ])
    let covered = 45..<45 + text.count
    return [
      Specimen(.zip, plain, type: "zip", verdict: .verified, covered: [covered]),
      Specimen(
        .zip, followed, label: "sizes behind the data", verdict: .verified, covered: [covered]),
      Specimen(.zip, nested, label: "an archive inside", verdict: .verified),
      Specimen(
        .zip, document, label: "document", type: "docx", name: "A boat",
        date: Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6),
        verdict: .verified),
    ]
  }()

  private static func archive(_ members: [Member], comment: String = "") -> [UInt8] {
    var bytes: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let packed = member.isStored ? member.data : ArchiveBytes.deflated(member.data)
      let crc = little(ArchiveBytes.crc32(member.data))
      let sizes = little(UInt32(packed.count)) + little(UInt32(member.data.count))
      let method: [UInt8] = [member.isStored ? 0 : 8, 0]
      let flags: [UInt8] = [member.sizesFollow ? 8 : 0, 0]
      let extra = member.isWide ? little(UInt16(1)) + little(UInt16(16)) + zeros(16) : []
      let start = bytes.count
      let local =
        [20, 0] + flags + method + zeros(4)
        + (member.sizesFollow
          ? zeros(4) + (member.isWide ? zeros(8).map { _ in 0xFF } : zeros(8)) : crc + sizes)
        + little(UInt16(member.name.utf8.count))
      bytes += [0x50, 0x4B, 3, 4] + local + little(UInt16(extra.count)) + ascii(member.name)
      bytes += extra + packed
      if member.sizesFollow {
        bytes += [0x50, 0x4B, 7, 8] + crc
        bytes +=
          member.isWide
          ? little(UInt64(packed.count)) + little(UInt64(member.data.count)) : sizes
      }
      directory +=
        [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + flags + method + zeros(4) + crc + sizes
        + little(UInt16(member.name.utf8.count)) + zeros(12) + little(UInt32(start))
        + ascii(member.name)
    }
    let count = little(UInt16(members.count))
    return bytes + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
      + little(UInt32(directory.count)) + little(UInt32(bytes.count))
      + little(UInt16(comment.utf8.count)) + ascii(comment)
  }
}
