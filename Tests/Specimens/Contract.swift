// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Fixtures
import SignatureScan

/// What every format promises, checked on a specimen: the problems found, in words.
package struct Contract {
  private let specimen: Specimen
  private let format: FileFormat
  private var problems: [String] = []

  package static func problems(of specimen: Specimen) -> [String] {
    guard let format = FileFormat.all.first(where: { $0.id == specimen.format }) else {
      return ["there is no format \(specimen.format) in the catalogue"]
    }
    var contract = Contract(specimen: specimen, format: format)
    contract.checkWhole()
    contract.checkNeighbours()
    contract.checkInside()
    contract.checkCuts()
    contract.checkDamage()
    contract.checkCovered()
    return contract.problems
  }

  private init(specimen: Specimen, format: FileFormat) {
    self.specimen = specimen
    self.format = format
  }

  private var bytes: [UInt8] { specimen.bytes }

  /// The file followed by zeros up to the end of its sector.
  private var withSlack: [UInt8] {
    bytes + [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512)
  }

  private mutating func checkWhole() {
    guard let result = try? format.examine(Source(bytes: bytes)) else {
      return problems.append("examining throws")
    }
    expectWhole(result, "alone")
    guard result.end == .complete else { return }
    if !bytes.withSpan({ format.resembles($0) }) { problems.append("does not resemble itself") }
    if let type = specimen.type, (result.type ?? format.id) != type {
      problems.append("type is \(result.type ?? format.id), not \(type)")
    }
    if let name = specimen.name, result.name != name {
      problems.append("name is \(result.name ?? "none"), not \(name)")
    }
    if let date = specimen.date, result.date != date { problems.append("the date is wrong") }
    if !format.extensions.contains(result.type ?? format.id) {
      problems.append("type \(result.type ?? "") is not among the format's extensions")
    }
    let verdict = Self.verdict(of: result)
    if let expected = specimen.verdict {
      if verdict != expected { problems.append("verdict is \(verdict), not \(expected)") }
    } else if verdict > .intact {
      problems.append("verdict is \(verdict)")
    }
  }

  /// The grade that a carved file with this examination gets.
  package static func verdict(of result: Examination) -> Verdict {
    Finding(
      volume: 0, origin: .carve, size: result.length,
      content: [Extent(.medium(0), count: result.length)], evidence: result.evidence, key: 0
    ).verdict
  }

  private mutating func checkNeighbours() {
    var random = Noise(state: 7)
    let noise = random.bytes(70_000)
    let text = Array(repeating: Array("the of and to in is that it was for on ".utf8), count: 1800)
    for (what, behind) in [
      ("zeros", [UInt8](repeating: 0, count: 70_000)), ("noise", noise),
      ("text", text.flatMap(\.self)),
    ] {
      guard let result = try? format.examine(Source(bytes: withSlack + behind)) else {
        problems.append("examining throws before \(what)")
        continue
      }
      expectWhole(result, "before \(what)")
    }
    guard specimen.endsAlone else { return }
    if let result = try? format.examine(Source(bytes: withSlack + bytes)) {
      expectWhole(result, "before another of its kind")
    }
  }

  /// Found by its signature at a sector of something else, and ending there where it ends.
  private mutating func checkInside() {
    var random = Noise(state: 11)
    let start = 512 * 37
    let host = random.bytes(start) + withSlack + random.bytes(9000)
    let table = SignatureTable(format.signatures)
    var hits: [SignatureHit] = []
    host.withSpan { table.scan($0, at: 0, into: &hits) }
    guard hits.contains(where: { $0.position == start }) else {
      return problems.append("its signature is not met inside another file")
    }
    guard Array(host[start...]).withSpan({ format.resembles($0) }) else {
      return problems.append("does not resemble itself inside another file")
    }
    if let result = try? format.examine(Source(bytes: Array(host[start...]))) {
      expectWhole(result, "inside another file")
    }
  }

  private mutating func checkCuts() {
    let step = max(1, bytes.count / 600)
    let around = specimen.boundaries.flatMap { [$0 - 1, $0, $0 + 1] }
    let lengths = Set(stride(from: 0, to: bytes.count, by: step)).union(around)
      .union([bytes.count - 1]).filter { $0 >= 0 && $0 < bytes.count }
    for length in lengths.sorted() {
      guard let result = try? format.examine(Source(bytes: Array(bytes[..<length]))) else {
        problems.append("examining throws when cut to \(length)")
        continue
      }
      if result.length > ByteCount(clamping: length) {
        problems.append("cut to \(length), reaches beyond: \(result.length.rawValue)")
      }
      if result.end == .complete, !specimen.wholeCuts.contains(where: { $0.contains(length) }),
        Self.verdict(of: result) <= .intact
      {
        problems.append("cut to \(length) of \(bytes.count), passes for whole")
      }
    }
  }

  private mutating func checkDamage() {
    var random = Noise(state: 42)
    for round in 0..<200 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        damaged[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      _ = damaged.withSpan { format.resembles($0) }
      guard let result = try? format.examine(Source(bytes: damaged)) else {
        problems.append("examining throws in damage \(round)")
        continue
      }
      if result.length > ByteCount(clamping: bytes.count) {
        problems.append("damage \(round) reaches beyond the bytes")
      }
    }
  }

  private mutating func checkCovered() {
    for range in specimen.covered {
      for index in stride(
        from: range.lowerBound, to: range.upperBound, by: max(1, range.count / 300))
      {
        var damaged = bytes
        damaged[index] ^= 0x11
        if let result = try? format.examine(Source(bytes: damaged)), result.end == .complete,
          result.length == ByteCount(clamping: bytes.count), Self.verdict(of: result) <= .intact
        {
          problems.append("a changed byte \(index) goes unnoticed")
        }
      }
    }
  }

  private mutating func expectWhole(_ result: Examination, _ how: String) {
    if result.end != .complete {
      problems.append("\(how): \(result.end), \(result.evidence.map { "\($0)" }.last ?? "")")
    } else if result.length != ByteCount(clamping: bytes.count) {
      problems.append("\(how): ends at \(result.length.rawValue), not \(bytes.count)")
    }
  }
}
