// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Foundation
import Reporting

/// A case in which everything that a customer or a disk can say is out to do harm, and everything that a
/// report can tell is there.
enum HostileCase {
  /// Markup, a formula, a bell, an escape, text turned around, a noncharacter, what ends a field.
  static let text =
    "=<script>alert(1)</script>&amp;\"'|,\u{1B}]0;x\u{7}\u{202E}fdp.exe\u{2066}\u{FFFE}\u{0}\r\n\t"

  /// The same, and ten thousand bytes more.
  static let name = RawName(
    Array(text.utf8) + [0xFF, 0xC3] + Array(repeating: 0x61, count: 10_000))

  static func fill(_ record: Case) throws {
    for field in Intervention.Field.allCases { try record.set(field, to: text) }
    try record.set(wishes: [
      Wish(number: 1, words: text), Wish(number: 2, words: "x", types: [text]),
    ])
    try record.add(
      WorkTime(kind: .handsOn, began: Timestamp(nanoseconds: 0), seconds: 4_800, words: text))
    try record.add(
      Attachment(
        name: text, sha256: Array(repeating: 1, count: 32), added: Timestamp(nanoseconds: 0),
        words: text))
    try record.set(volumes: [
      VolumeRecord(
        number: 1, folder: "1-fat", kind: "FAT16", label: text, start: 32_768, length: 1_000_000,
        clusterSize: 512, isAllocationSound: true, remarks: [text])
    ])
    try record.add([
      Finding(
        volume: 1, origin: .undelete, folder: [name], name: name, type: text, size: 9,
        content: [Extent(.medium(65_536), count: 9)],
        evidence: [
          .deletedEntry, .brokenAt(1, problem: text), .overwritten(1, by: text),
          .metadataChecksumHolds(text), .notHandled(text), .headerMatched(text),
        ], key: 77)
    ])
    try record.setWritten([
      WrittenRecord(
        id: 4, path: Array("1-fat/".utf8) + name.bytes, sha256: Array(repeating: 2, count: 32),
        size: 9, missing: 0, verdict: .partial, evidence: [.brokenAt(1, problem: text)])
    ])
    for event in ["triage", "command", text] {
      try record.log(event, text, at: Timestamp(nanoseconds: 0))
    }
  }
}
