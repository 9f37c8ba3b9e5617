// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum EMLSpecimens {
  private static let header =
    "Return-Path: <a@example.org>\r\nReceived: from b\r\n\tby c; Sat, 3 Feb 2024 05:05:06 +0100\r\n"
    + "From: A <a@example.org>\r\nSubject: =?utf-8?Q?Caf=C3=A9?=\r\n =?iso-8859-1?B?IGNs6Q==?=\r\n"
    + "Date: Sat, 03 Feb 2024 05:05:06 +0100\r\nMIME-Version: 1.0\r\n"

  private static let words = (0..<20).map { "Words and words, line \($0).\r\n" }.joined()

  private static let encoded = (0..<12).map { _ in "QmFzZSA2NCBpbiBhIGxpbmUgb2YgdGV4dCwg\r\n" }
    .joined()

  private static let parts =
    header + "Content-Type: multipart/mixed;\r\n boundary=\"=_outer\"\r\n\r\nfor old readers\r\n"
    + "--=_outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\n\r\n"
    + words + "--inner--\r\n\r\n--=_outer\r\nContent-Transfer-Encoding: base64\r\n"
    + "Content-Type: message/rfc822\r\n\r\n" + encoded + "--=_outer--\r\n\r\n"

  private static let page =
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/\r\nSubject: Page\r\n"
    + "Date: Sat, 3 Feb 2024 04:05:06 -0000\r\nMIME-Version: 1.0\r\n"
    + "Content-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\tboundary=\"--X--\"\r\n\r\n"
    + "----X--\r\nContent-Type: text/html\r\n\r\n<html>\r\n" + words + "</html>\r\n----X----\r\n"

  private static let document =
    "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"----=_Next\"\r\n\r\n"
    + "This document is a Single File Web Page.\r\n\r\n------=_Next\r\n"
    + "Content-Type: text/html\r\n\r\n" + words + "\r\n------=_Next--\r\n"

  static let all: [Specimen] = [
    Specimen(
      .eml, ascii(document), label: "document", type: "mht",
      wholeCuts: [(document.utf8.count - 2)..<document.utf8.count]),
    Specimen(
      .eml, ascii(header + "\r\n" + words), label: "plain", type: "eml", name: "Café clé",
      date: Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6),
      verdict: .probable),
    Specimen(
      .eml, ascii(parts), label: "several parts", type: "eml", name: "Café clé",
      wholeCuts: [(parts.utf8.count - 4)..<parts.utf8.count]),
    Specimen(
      .eml, ascii(page), label: "page", type: "mht", name: "Page",
      wholeCuts: [(page.utf8.count - 2)..<page.utf8.count]),
  ]
}
