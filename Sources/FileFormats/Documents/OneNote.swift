// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// OneNote sections and tables of contents, in the layout of the desktop program (lists of nodes)
  /// or in that of its web service (nested objects).
  ///
  ///     0   16  file type     48  16  layout
  ///     lists:    96  u32  transactions   160  u64+u32  their log   172  u64+u32  root list
  ///               196 u64  file length
  ///     objects:  68  the outermost one
  ///
  /// - Source: Microsoft, *[MS-ONESTORE]*, §2.3.1 "Header", §2.8 "Alternative packaging".
  package static let oneNote = FileFormat(
    id: "one", name: "OneNote section", category: .document, extensions: ["one", "onetoc2"],
    validation: .structure,
    signatures: [
      Signature(OneNote.section), Signature(OneNote.contents),
    ],
    maximumSize: 0x8000_0000,
    resembles: { bytes in
      bytes.holds(OneNote.lists, at: 48) || bytes.holds(OneNote.objects, at: 48)
    }
  ) { file in
    try Examination.walk("one", file) {
      let head = try file.read(at: 0, count: 64)
      var result =
        head.holds(OneNote.lists, at: 48)
        ? try OneNoteLists(file).examination() : try OneNoteObjects(file).examination()
      result.type = head.holds(OneNote.contents, at: 0) ? "onetoc2" : "one"
      return result
    }
  }
}

/// The identifiers with which OneNote's files begin, as they stand in the file.
enum OneNote {
  static let section: [UInt8] = [
    0xE4, 0x52, 0x5C, 0x7B, 0x8C, 0xD8, 0xA7, 0x4D, 0xAE, 0xB1, 0x53, 0x78, 0xD0, 0x29, 0x96, 0xD3,
  ]
  static let contents: [UInt8] = [
    0xA1, 0x2F, 0xFF, 0x43, 0xD9, 0xEF, 0x76, 0x4C, 0x9E, 0xE2, 0x10, 0xEA, 0x57, 0x22, 0x76, 0x5F,
  ]
  static let lists: [UInt8] = [
    0x3F, 0xDD, 0x9A, 0x10, 0x1B, 0x91, 0xF5, 0x49, 0xA5, 0xD0, 0x17, 0x91, 0xED, 0xC8, 0xAE, 0xD8,
  ]
  static let objects: [UInt8] = [
    0x2F, 0xE9, 0x8D, 0x63, 0xD4, 0xA6, 0xC1, 0x4B, 0x9A, 0x36, 0xB3, 0xFC, 0x25, 0x11, 0xA5, 0xB7,
  ]
}
