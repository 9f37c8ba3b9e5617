// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Findings

@Suite struct `A verdict` {
  private func verdict(
    _ evidence: [Evidence], size: ByteCount = 10, content: [Extent] = [Extent(0..<10)]
  ) -> Verdict {
    Finding(volume: 1, origin: .undelete, size: size, content: content, evidence: evidence, key: 1)
      .verdict
  }

  @Test func `checksums over the whole content make it verified`() {
    #expect(verdict([.checksumsHold(count: 3, kind: "CRC-32")]) == .verified)
  }

  @Test func `without any proof it is a guess`() {
    #expect(verdict([]) == .guessed)
  }

  @Test func `a structure that holds is intact, not verified`() {
    #expect(verdict([.structureHolds(format: "PDF", length: 10), .decoded("JPEG")]) == .intact)
  }

  @Test func `a picture whose rows jump is probable at best, and joined a guess`() {
    let facts: [Evidence] = [
      .structureHolds(format: "JPEG", length: 10), .decoded("JPEG"), .pictureJumps(4),
    ]
    #expect(verdict(facts) == .probable)
    #expect(verdict(facts + [.piecesJoined(2)]) == .guessed)
  }

  @Test func `no proof outweighs one missing byte`() {
    let proof = Evidence.checksumsHold(count: 9, kind: "CRC-32")
    let damage: [Evidence] = [
      .unreadable(1), .overwritten(1, by: "x"), .beyondMedium(1), .truncatedAt(3),
      .brokenAt(3, problem: "x"), .notHandled("x"),
    ]
    for fact in damage { #expect(verdict([proof, fact]) == .partial) }
  }

  @Test func `gaps that were skipped are a guess until all of the content is checked`() {
    let holds = Evidence.structureHolds(format: "WAV", length: 10)
    #expect(verdict([holds, .gapsSkipped(4096)]) == .guessed)
    #expect(verdict([holds, .gapsSkipped(4096), .decoded("JPEG")]) == .intact)
    #expect(verdict([holds, .piecesJoined(2)]) == .guessed)
    #expect(verdict([holds, .piecesJoined(2), .decoded("JPEG")]) == .probable)
    #expect(
      verdict([holds, .piecesJoined(2), .checksumsHold(count: 1, kind: "CRC-32")]) == .verified)
    #expect(
      verdict([holds, .gapsSkipped(4096), .checksumsHold(count: 1, kind: "CRC-32")]) == .verified)
  }

  @Test func `an older state is whole only where its format says so`() {
    let proof: [Evidence] = [.checksumsHold(count: 9, kind: "CRC-32C"), .olderVersion]
    #expect(verdict(proof) == .probable)
    #expect(verdict(proof + [.structureHolds(format: "ZIP", length: 10)]) == .verified)
    #expect(verdict(proof + [.truncatedAt(10)]) == .partial)
  }

  @Test func `a surviving block list alone is probable`() {
    #expect(verdict([.blockListSurvived, .deletedEntry]) == .probable)
    #expect(verdict([.journalCopy(transaction: 7)]) == .probable)
  }

  @Test func `a name whose content is lost is a name only`() {
    #expect(
      verdict([.checksumsHold(count: 1, kind: "x")], content: [Extent(.lost, count: 10)])
        == .nameOnly)
  }

  @Test func `more proof never makes it worse`() {
    let facts: [Evidence] = [
      .deletedEntry, .blockListSurvived, .headerMatched("JPEG"),
      .structureHolds(format: "JPEG", length: 1), .checksumsHold(count: 1, kind: "x"),
    ]
    for count in facts.indices {
      #expect(verdict(Array(facts[...count])) <= verdict(Array(facts[..<count])))
    }
  }
}

@Suite struct `Names and times` {
  @Test func `an extension is what follows the last dot`() {
    #expect(RawName("a.tar.GZ").pathExtension == "gz")
    #expect(RawName(".profile").pathExtension == "")
    #expect(RawName("x.").pathExtension == "")
  }

  @Test func `civil dates count from 1970`() {
    #expect(Timestamp(year: 1970, month: 1, day: 1)?.nanoseconds == 0)
    #expect(
      Timestamp(year: 2026, month: 2, day: 28, hour: 12)?.nanoseconds
        == 1_772_280_000_000_000_000)
    #expect(Timestamp(year: 2026, month: 13, day: 1) == nil)
  }
}
