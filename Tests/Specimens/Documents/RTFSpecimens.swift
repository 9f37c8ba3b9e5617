// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum RTFSpecimens {
  private static let head =
    "{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0\\fswiss Arial;}}\r\n"

  private static func paragraphs(_ count: Int) -> String {
    (0..<count).map { "\\pard\\f0\\fs2\($0) Words \\{in braces\\} and \\'e9\\u233?\\par\r\n" }
      .joined()
  }

  private static let document: [UInt8] =
    ascii(head + "{\\info{\\title A boat\\'e9 \\u233?}{\\author B}")
    + ascii("{\\creatim\\yr2024\\mo2\\dy3\\hr4\\min5}}\r\n" + paragraphs(20))
    + ascii("{\\pict\\wmetafile8\\bin12 ") + [0x7B, 0x7D, 0, 1, 2, 3, 0x5C, 0x7D, 0x7D, 0x7D, 0, 9]
    + ascii("}{\\pict\\pngblip\r\n89504e47\r\n0d0a}}\r\n")

  private static let simple =
    "{\\rtf1\\ansi{\\*\\generator Msftedit 5.41.15.1515;}" + paragraphs(20) + "}\r\n\0"

  static let all: [Specimen] = [
    Specimen(
      .rtf, document, label: "document", name: "A boaté é",
      date: Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5),
      wholeCuts: [(document.count - 2)..<document.count]),
    Specimen(
      .rtf, ascii(simple), label: "WordPad", verdict: .probable,
      wholeCuts: [(simple.utf8.count - 3)..<simple.utf8.count]),
  ]
}
