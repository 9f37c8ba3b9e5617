// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum PostScriptSpecimens {
  private static let head =
    "%!PS-Adobe-3.0 EPSF-3.0\n%%Title: (A boat)\n%%CreationDate: Sat Feb 3 04:05:06 2024\n"
    + "%%BoundingBox: 0 0 10 10\n%%EndComments\n"

  private static let drawing = (0..<40).map { "\($0) 0 moveto 7 \($0) lineto stroke\n" }.joined()

  private static let whole: [UInt8] =
    ascii(head + "%%BeginDocument: inner.eps\n%!PS-Adobe-2.0 EPSF-2.0\n" + drawing)
    + ascii("%%EOF\n%%EndDocument\n%%BeginData: 20 Binary Bytes\n") + zeros(14) + ascii("%%EOF\n")
    + ascii("%%EndData\nshowpage\n%%EOF\n")

  private static let old =
    "%!PS-Adobe-2.0\r\n%%Creator: Adobe Illustrator(TM) 3.2\r\n" + drawing
    + "showpage\r\n\u{4}"

  private static let preview: [UInt8] = {
    let text = ascii(head + drawing + "%%EOF\n")
    let picture = ascii("II*\0") + junk(900)
    return [0xC5, 0xD0, 0xD3, 0xC6] + little(UInt32(30)) + little(UInt32(text.count)) + zeros(8)
      + little(UInt32(30 + text.count)) + little(UInt32(picture.count)) + [0xFF, 0xFF] + text
      + picture
  }()

  static let all: [Specimen] = [
    Specimen(
      .postScript, whole, label: "encapsulated", type: "eps", name: "A boat",
      date: Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6),
      verdict: .probable),
    Specimen(.postScript, ascii(old), label: "no end mark", type: "ai", verdict: .probable),
    Specimen(.dosEPS, preview, name: "A boat", verdict: .probable),
  ]
}
