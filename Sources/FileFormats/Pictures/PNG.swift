// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings
import SignatureScan

extension FileFormat {
  /// Portable Network Graphics, animated or not: an eight-byte signature, then chunks up to `IEND`,
  /// each with its CRC.
  ///
  /// - Source: W3C, *PNG Specification (Third Edition)*, §5 "Datastream structure".
  package static let png = FileFormat(
    id: "png", name: "PNG picture", category: .photo, extensions: ["png", "apng"],
    validation: .checksums,
    signatures: [Signature([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      bytes.holds(Array("IHDR".utf8), at: 12) || bytes.holds(Array("CgBI".utf8), at: 12)
    },
    checkpoint: { head in PNGWalk(head).checkpoint }
  ) { file in
    try PNGWalk(file).examination()
  }
}

/// The walk over a PNG picture's chunks.
private struct PNGWalk {
  private static let mostChunks: UInt64 = 4_000_000
  private var file: Source
  /// Whether it ends at the first chunk that is wrong.
  private var isTrial = false
  private var position: ByteOffset = 8
  private var checked: UInt64 = 0
  private var hasHeader = false
  private var hasData = false
  private var title: String?
  private var date: Timestamp?
  /// The first chunk whose checksum is wrong.
  private var damage: (offset: ByteOffset, problem: String)?
  private var damageNoticed: ByteOffset?
  /// The end of the last chunk that was looked at.
  private var noticed: ByteOffset?

  init(_ file: Source) { self.file = file }

  /// Behind the last chunk that is whole.
  var checkpoint: Checkpoint {
    var walk = self
    while let chunk = try? PNGChunk(in: file, at: walk.position),
      (try? chunk.checksumHolds(in: file)) ?? false, (try? walk.accept(chunk)) ?? false
    {}
    walk.isTrial = true
    return Checkpoint { [walk] file in
      var walk = walk
      walk.file = file
      return try walk.examination()
    }
  }

  func examination() throws -> Examination {
    var walk = self
    do {
      while walk.checked < Self.mostChunks {
        let chunk = try PNGChunk(in: file, at: walk.position)
        walk.noticed = chunk.end
        if try !chunk.checksumHolds(in: file) {
          walk.note("the checksum of a \(chunk.type) chunk is wrong")
          // Only where the header holds is it worth looking on.
          guard walk.hasHeader, !walk.isTrial else { return walk.broken("") }
        }
        guard try walk.accept(chunk) else {
          return walk.broken("a \(chunk.type) chunk stands where none may")
        }
        if chunk.type == "IEND" { return walk.complete() }
      }
    } catch is Truncated {
      if walk.damage != nil { return walk.broken("") }
      return .truncated(at: ByteOffset(file.length), evidence: walk.evidence)
    } catch let error as Malformed {
      return walk.broken(error.problem)
    }
    return walk.broken("there are too many chunks")
  }

  /// Takes up a chunk whose checksum holds; false where it is out of order.
  private mutating func accept(_ chunk: PNGChunk) throws -> Bool {
    switch chunk.type {
    case "CgBI": guard checked == 0 else { return false }
    case "IHDR":
      guard !hasHeader, chunk.length == 13 else { return false }
      hasHeader = true
    case "IDAT":
      guard hasHeader else { return false }
      hasData = true
    case "IEND": guard hasData, chunk.length == 0 else { return false }
    case "tIME": date = try chunk.time(in: file)
    case "tEXt": title = try chunk.text(in: file, keyword: "Title") ?? title
    default: guard hasHeader else { return false }
    }
    position = chunk.end
    checked &+= 1
    return true
  }

  private var evidence: [Evidence] { [.headerMatched("png")] }

  private func complete() -> Examination {
    var result: Examination
    if let damage {
      result = .damaged(
        at: damage.offset, end: position, problem: damage.problem, evidence: evidence
      ).doubtful(from: damage.offset, to: damageNoticed)
    } else {
      result = .whole(
        "png", "PNG", end: position, and: [.checksumsHold(count: checked, kind: "CRC-32")])
    }
    result.name = title
    result.date = date
    return result
  }

  /// Keeps the first problem.
  private mutating func note(_ problem: String) {
    if damage == nil {
      damage = (position, problem)
      damageNoticed = noticed
    }
  }

  private func broken(_ problem: String) -> Examination {
    let offset = damage?.offset ?? position
    return .broken(at: offset, problem: damage?.problem ?? problem, evidence: evidence)
      .doubtful(from: offset, to: damageNoticed ?? noticed)
  }
}
