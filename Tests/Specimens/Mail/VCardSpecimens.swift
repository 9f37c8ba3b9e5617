// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum VCardSpecimens {
  private static let card =
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Boat;A;;;\r\nFN:A Boat\r\nREV:2024-02-03T04:05:06Z\r\n"
    + "NOTE:folded \r\n over two lines\r\nitem1.URL;type=pref:http\\://example.org\r\n"
    + (0..<20).map { "TEL;TYPE=cell:+4912345\($0)\r\n" }.joined() + "END:VCARD\r\n"

  private static let old =
    "BEGIN:VCARD\nVERSION:2.1\nN:Boat\nNOTE;ENCODING=QUOTED-PRINTABLE:two=\nlines\n"
    + "PHOTO;JPEG;ENCODING=BASE64:\n/9j/4AAQSkZJRgAB\nAQEASABIAAD/2w==\n\nEND:VCARD\n"

  private static let events =
    (0..<6).map {
      "BEGIN:VEVENT\r\nUID:\($0)@example.org\r\nDTSTAMP:20240203T040506Z\r\nSUMMARY:Sail\r\n"
        + "END:VEVENT\r\n"
    }.joined()

  private static let calendar =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nX-WR-CALNAME:On the lake\r\n" + events
    + "END:VCALENDAR\r\n"

  static let all: [Specimen] = [
    Specimen(
      .vcard, ascii(card), label: "card", name: "A Boat",
      date: Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6),
      wholeCuts: [(card.utf8.count - 2)..<card.utf8.count]),
    Specimen(
      .vcard, ascii(old + "\n" + old + old), label: "old cards", verdict: .probable,
      wholeCuts: [(old.utf8.count - 1)..<(old.utf8.count + 14)]),
    Specimen(
      .calendar, ascii(calendar), name: "On the lake",
      date: Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6),
      wholeCuts: [(calendar.utf8.count - 2)..<calendar.utf8.count]),
  ]
}
