// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

// The numbers are those of the case's schema: they are never given to another meaning.

extension ByteWriter {
  mutating func put(_ evidence: [Evidence]) {
    put(UInt64(clamping: evidence.count))
    for fact in evidence { put(fact) }
  }

  private mutating func put(_ fact: Evidence) {
    switch fact {
    case .listedAsLive: put(1)
    case .deletedEntry: put(2)
    case .journalCopy(let transaction): put(3, UInt64(transaction))
    case .metadataChecksumHolds(let what): put(4, what)
    case .nameFromJournal(let transaction): put(5, UInt64(transaction))
    case .nameFromFreedDirectory: put(6)
    case .firstLetterComputed: put(7)
    case .firstLetterLost: put(8)
    case .parentUnknown: put(9)
    case .blockListSurvived: put(10)
    case .contiguityAssumed: put(11)
    case .gapsSkipped(let count): put(12, count.rawValue)
    case .startGuessed(let candidates): put(13, UInt64(candidates))
    case .sizeGuessed: put(14)
    case .overwritten(let count, let owner): put(15, count.rawValue, owner)
    case .claimedByDeleted(let count, let owner): put(16, count.rawValue, owner)
    case .allocationUnknown(let count): put(17, count.rawValue)
    case .unreadable(let count): put(18, count.rawValue)
    case .beyondMedium(let count): put(19, count.rawValue)
    case .notHandled(let what): put(20, what)
    case .headerMatched(let format): put(21, format)
    case .headerMismatch(let format): put(22, format)
    case .structureHolds(let format, let length): put(23, length.rawValue, format)
    case .checksumsHold(let count, let kind): put(24, count, kind)
    case .decoded(let what): put(25, what)
    case .bytesBehindEnd(let count): put(26, count.rawValue)
    case .brokenAt(let offset, let problem): put(27, offset.rawValue, problem)
    case .truncatedAt(let offset): put(28, offset.rawValue)
    case .allZeros: put(29)
    case .endReasoned: put(30)
    case .nameFromEntry: put(31)
    case .nameFromContent: put(32)
    case .firstLetterGuessed: put(33)
    case .payloadUnchecked: put(34)
    case .pictureJumps(let offset): put(46, offset.rawValue)
    case .olderTree(let transaction): put(35, transaction)
    case .olderVersion: put(36)
    case .nameFromRecycleBin: put(40)
    case .nameFromChangeJournal: put(42)
    case .nameFromSize: put(44)
    case .blockListIncomplete(let count): put(41, count.rawValue)
    case .piecesJoined(let count): put(43, UInt64(count))
    case .mended(let count, let repair):
      put(45, count.rawValue)
      put(repair.rawValue)
    }
  }

  private mutating func put(_ kind: UInt64, _ number: UInt64) {
    put(kind)
    put(number)
  }

  private mutating func put(_ kind: UInt64, _ text: String) {
    put(kind)
    put(text)
  }

  private mutating func put(_ kind: UInt64, _ number: UInt64, _ text: String) {
    put(kind, number)
    put(text)
  }
}

extension ByteReader {
  mutating func evidence() throws -> [Evidence] {
    var evidence: [Evidence] = []
    for _ in 0..<(try number()) { evidence.append(try fact()) }
    return evidence
  }

  private mutating func count() throws -> ByteCount { ByteCount(try number()) }

  private mutating func fact() throws -> Evidence {
    switch try number() {
    case 1: .listedAsLive
    case 2: .deletedEntry
    case 3: .journalCopy(transaction: try number32())
    case 4: .metadataChecksumHolds(try text())
    case 5: .nameFromJournal(transaction: try number32())
    case 6: .nameFromFreedDirectory
    case 7: .firstLetterComputed
    case 8: .firstLetterLost
    case 9: .parentUnknown
    case 10: .blockListSurvived
    case 11: .contiguityAssumed
    case 12: .gapsSkipped(try count())
    case 13: .startGuessed(candidates: try number32())
    case 14: .sizeGuessed
    case 15: .overwritten(try count(), by: try text())
    case 16: .claimedByDeleted(try count(), by: try text())
    case 17: .allocationUnknown(try count())
    case 18: .unreadable(try count())
    case 19: .beyondMedium(try count())
    case 20: .notHandled(try text())
    case 21: .headerMatched(try text())
    case 22: .headerMismatch(expected: try text())
    case 23: try structure()
    case 24: .checksumsHold(count: try number(), kind: try text())
    case 25: .decoded(try text())
    case 26: .bytesBehindEnd(try count())
    case 27: .brokenAt(ByteOffset(try number()), problem: try text())
    case 28: .truncatedAt(ByteOffset(try number()))
    case 29: .allZeros
    case 30: .endReasoned
    case 31: .nameFromEntry
    case 32: .nameFromContent
    case 33: .firstLetterGuessed
    case 34: .payloadUnchecked
    case 35: .olderTree(transaction: try number())
    case 36: .olderVersion
    case 40: .nameFromRecycleBin
    case 42: .nameFromChangeJournal
    case 44: .nameFromSize
    case 41: .blockListIncomplete(try count())
    case 43: .piecesJoined(try number32())
    case 45: try mended()
    case 46: .pictureJumps(ByteOffset(try number()))
    default: throw Malformed("case record", "evidence of an unknown kind")
    }
  }

  private mutating func mended() throws -> Evidence {
    let count = try count()
    guard let repair = Evidence.Repair(rawValue: try number()) else {
      throw Malformed("case record", "a repair of an unknown kind")
    }
    return .mended(count, repair)
  }

  private mutating func structure() throws -> Evidence {
    let length = try count()
    return .structureHolds(format: try text(), length: length)
  }
}
