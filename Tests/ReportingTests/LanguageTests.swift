// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing

@testable import Reporting

@Suite struct `A language` {
  @Test(arguments: [
    (["LANG": "fr_FR.UTF-8"], Language.french), (["LANG": "de_DE"], .english), ([:], .english),
    (["LANG": "fr_FR", "LC_ALL": "en_GB"], .english),
    (["LANG": "en_US", "LANGUAGE": "de:fr:en"], .french),
    (["LC_ALL": "C", "LANGUAGE": "fr"], .english), (["LC_ALL": "", "LANG": "fr"], .french),
  ])
  func `is chosen by the environment`(_ environment: [String: String], _ chosen: Language) {
    #expect(Language(environment: environment) == chosen)
  }

  @Test func `sets thousands apart`() {
    #expect(Language.english.number(-1_234_567) == "-1,234,567")
    #expect(Language.french.number(1_234) == "1\u{202F}234")
    #expect(Language.english.number(999) == "999")
  }

  @Test(arguments: [
    (0, "0 B", "0 o"), (999, "999 B", "999 o"), (1_000, "1.0 kB", "1,0 ko"),
    (1_440_000, "1.4 MB", "1,4 Mo"), (UInt64.max, "18.4 EB", "18,4 Eo"),
  ])
  func `writes sizes in powers of 1000`(_ count: UInt64, _ english: String, _ french: String) {
    #expect(Language.english.size(ByteCount(count)) == english)
    #expect(Language.french.size(ByteCount(count)) == french)
  }

  @Test(arguments: [
    (0, "1970-01-01 00:00:00"), (-1, "1969-12-31 23:59:59"),
    (Int64.max, "2262-04-11 23:47:16"), (Int64.min, "1677-09-21 00:12:43"),
    (951_782_400_000_000_000, "2000-02-29 00:00:00"),
  ])
  func `writes any moment as a date`(_ nanoseconds: Int64, _ text: String) {
    #expect(Language.english.time(Timestamp(nanoseconds: nanoseconds)) == text)
  }

  private static let facts: [Evidence] =
    [
      .listedAsLive, .deletedEntry, .journalCopy(transaction: 7), .olderTree(transaction: 9),
      .olderVersion, .metadataChecksumHolds("inode"),
      .nameFromJournal(transaction: 7), .nameFromFreedDirectory, .firstLetterComputed,
      .firstLetterLost, .firstLetterGuessed, .parentUnknown, .blockListSurvived, .contiguityAssumed,
      .gapsSkipped(4096), .piecesJoined(3), .startGuessed(candidates: 3), .sizeGuessed,
      .overwritten(512, by: "a"),
      .claimedByDeleted(512, by: ""), .allocationUnknown(9), .unreadable(512), .beyondMedium(1),
      .notHandled("encryption"), .headerMatched("jpg"), .headerMismatch(expected: "png"),
      .structureHolds(format: "png", length: 77), .checksumsHold(count: 2, kind: "CRC-32"),
      .decoded("deflate"), .bytesBehindEnd(3), .brokenAt(1_000, problem: "no marker"),
      .truncatedAt(2_000), .allZeros, .endReasoned, .nameFromEntry, .nameFromContent,
      .nameFromRecycleBin, .nameFromChangeJournal, .nameFromSize, .blockListIncomplete(5),
      .pictureJumps(3_000),
    ] + Evidence.Repair.allCases.map { .mended(90, $0) }

  @Test func `has words of its own for every fact`() {
    let english = Self.facts.map(Language.english.words)
    let french = Self.facts.map(Language.french.words)
    #expect(Set(english).count == Self.facts.count)
    #expect(Set(french).count == Self.facts.count)
    #expect(Set(english).isDisjoint(with: french))
  }

  @Test(arguments: Language.allCases)
  func `has a word for every verdict`(_ language: Language) {
    #expect(Set(Verdict.allCases.map { language.word($0) }).count == Verdict.allCases.count)
  }
}

@Suite struct `Text from a disk` {
  @Test func `moves no cursor and hides nothing`() {
    #expect(
      TerminalText.safe("a\u{1B}[2J\n\u{202E}b\u{2028}\u{9B}")
        == "a\\u{1B}[2J\\u{A}\\u{202E}b\\u{2028}\\u{9B}")
  }

  @Test func `keeps its accents`() {
    #expect(TerminalText.safe("été 日本 ß") == "été 日本 ß")
  }

  @Test func `shows bytes that are no text`() {
    #expect(TerminalText.safe([0x61, 0xFF, 0xC3, 0xA9, 0xC3, 0x62]) == "a\\xFFé\\xC3b")
  }
}
