// SPDX-License-Identifier: Apache-2.0

import Case
import Checksums
import Findings

/// What stands for the names of files in a report that must not tell them: the same for the same name in
/// all reports of one case, another in another case, and with the extension kept.
package struct Pseudonyms: Sendable {
  /// Nil where names stand as they are.
  private let key: [UInt8]?
  /// Names of the case that people or the log speak of, the longest first.
  private let spoken: [[UInt8]]
  /// Folders that Renflou itself has named.
  private let own: Set<[UInt8]>

  /// Every name stands as it is.
  package static let none = Pseudonyms(key: nil, spoken: [], own: [])

  private init(key: [UInt8]?, spoken: [[UInt8]], own: Set<[UInt8]>) {
    self.key = key
    self.spoken = spoken
    self.own = own
  }

  /// Pseudonyms for all names of a case. Their key is the start of its log, which nobody can guess.
  package init(_ record: Case) throws {
    let log = try record.logLines()
    let volumes = try record.volumes()
    var texts = log.map(\.detail) + volumes.map(\.label) + [try record.job().source]
    texts += try record.intervention().texts.values
    texts += try record.wishes().flatMap { [$0.words] + $0.patterns }
    texts += try record.workTimes().map(\.words)
    texts += try record.attachments().flatMap { [$0.name, $0.words] }
    var search = SpokenNames(in: texts)
    try record.each(Query(show: .all)) { _, finding in
      if let name = finding.name { search.look(for: name.bytes) }
      if finding.hasVolumePath { finding.folder?.forEach { search.look(for: $0.bytes) } }
      return true
    }
    let folders = volumes.filter { $0.label.isEmpty || !$0.folder.contains($0.label) }.map(\.folder)
    self.init(
      key: log.first?.hash ?? [], spoken: search.found,
      own: Set((folders + ["files", "carved"]).map { Array($0.utf8) }))
  }

  /// One name or folder.
  package func name(_ bytes: [UInt8]) -> [UInt8] {
    let suffix = Self.fileExtension(of: bytes)
    guard let key, !own.contains(bytes), !Self.isPseudonym(bytes),
      bytes.dropLast(suffix.count).contains(where: { !Self.wildcards.contains($0) })
    else { return bytes }
    return Array((Self.prefix + hexadecimal(SHA256.hash(key + bytes).prefix(4))).utf8) + suffix
  }

  /// A path, name by name.
  package func path(_ bytes: [UInt8]) -> [UInt8] {
    guard key != nil else { return bytes }
    return Array(
      bytes.split(separator: 0x2F, omittingEmptySubsequences: false).map { name(Array($0)) }
        .joined(separator: [0x2F]))
  }

  /// A text that people or programs wrote: the names of the case in it, and what looks like a path or the
  /// name of a file.
  package func text(_ text: String) -> String {
    guard key != nil else { return text }
    var bytes = Array(text.utf8)
    for spoken in spoken { bytes = replacing(spoken, in: bytes) }
    var result: [UInt8] = []
    var word: [UInt8] = []
    for byte in bytes + [0x20] {
      guard Self.separates(byte) else {
        word.append(byte)
        continue
      }
      result += isFile(word) ? path(word) : word
      result.append(byte)
      word = []
    }
    result.removeLast()
    return String(decoding: result, as: UTF8.self)
  }

  /// A fact, in which another file may be named.
  func fact(_ evidence: Evidence) -> Evidence {
    guard key != nil else { return evidence }
    func other(_ path: String) -> String {
      String(decoding: self.path(Array(path.utf8)), as: UTF8.self)
    }
    switch evidence {
    case .overwritten(let count, let name): return .overwritten(count, by: other(name))
    case .claimedByDeleted(let count, let name): return .claimedByDeleted(count, by: other(name))
    default: return evidence
    }
  }

  private static let prefix = "name-"
  private static let wildcards = Array("*?.#".utf8)

  /// White space, quotes and what closes a clause.
  private static func separates(_ byte: UInt8) -> Bool {
    byte <= 0x20 || "\"',;()=".utf8.contains(byte)
  }

  private func isFile(_ word: [UInt8]) -> Bool {
    word.contains(0x2F) || !Self.fileExtension(of: word).isEmpty
  }

  private static func isPseudonym(_ bytes: [UInt8]) -> Bool {
    let digits = bytes.dropFirst(prefix.utf8.count).prefix(8)
    return bytes.starts(with: prefix.utf8) && digits.count == 8
      && digits.allSatisfy { "0123456789abcdef".utf8.contains($0) }
  }

  /// The extension with its dot: one to five letters and digits, at least one a letter.
  private static func fileExtension(of bytes: [UInt8]) -> [UInt8] {
    guard let dot = bytes.lastIndex(of: 0x2E), dot > 0 else { return [] }
    let letters = bytes[(dot + 1)...]
    let isFit =
      (1...5).contains(letters.count)
      && letters.allSatisfy { isLetter($0) || (0x30...0x39).contains($0) }
    return isFit && letters.contains(where: isLetter) ? Array(bytes[dot...]) : []
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private func replacing(_ spoken: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if SpokenNames.stands(spoken, in: bytes, at: position) {
        result += name(spoken)
        position += spoken.count
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return result
  }
}
