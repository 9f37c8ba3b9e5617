// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Address cards: `BEGIN:VCARD`, a property a line, `END:VCARD`; one after the other.
  ///
  /// - Source: RFC 6350, *vCard Format Specification*, §3.2 and §3.3; versit, *vCard 2.1*, §2.1.
  package static let vcard = FileFormat(
    id: "vcf", name: "address card", category: .mail, extensions: ["vcf", "vcard"],
    validation: .grammar,
    signatures: [.anyCase("BEGIN:VCARD"), .anyCase("BEGIN:VCARD", marked: true)],
    maximumSize: 0x4000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineVCard) }, examine: examineVCard)

  /// A calendar, or a part of one: events and tasks in a group.
  ///
  /// - Source: RFC 5545, *iCalendar*, §3.1 "Content Lines", §3.4 "iCalendar Object".
  package static let calendar = FileFormat(
    id: "ics", name: "calendar", category: .mail, extensions: ["ics", "vcs", "ical"],
    validation: .grammar,
    signatures: [.anyCase("BEGIN:VCALENDAR"), .anyCase("BEGIN:VCALENDAR", marked: true)],
    maximumSize: 0x4000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineCalendar) }, examine: examineCalendar)

  private static func examineVCard(_ file: Source) throws -> Examination {
    try Examination.walk("vcf", file) {
      var walk = try ContentLineWalk(file, of: "VCARD")
      var result = try walk.examination("vcf", "vCard")
      result.name = walk.count == 1 ? walk.value(of: "FN") ?? walk.value(of: "N") : nil
      result.date = walk.value(of: "REV").flatMap(TextDate.iso)
      return result
    }
  }

  private static func examineCalendar(_ file: Source) throws -> Examination {
    try Examination.walk("ics", file) {
      var walk = try ContentLineWalk(file, of: "VCALENDAR")
      var result = try walk.examination("ics", "iCalendar")
      result.name = walk.value(of: "X-WR-CALNAME") ?? walk.value(of: "SUMMARY")
      result.date = (walk.value(of: "DTSTAMP") ?? walk.value(of: "DTSTART")).flatMap(TextDate.iso)
      if walk.value(of: "VERSION") == "1.0" { result.type = "vcs" }
      return result
    }
  }
}
