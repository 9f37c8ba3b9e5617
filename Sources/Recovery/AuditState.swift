// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Storage
import Synchronization

/// What an audit found out so far, in a file of lines: an audit that was stopped does not read again what
/// has not changed since, told by size, inode and times.
package final class AuditState: Sendable {
  /// What was asked of a file's bytes.
  enum Question: Hashable, Sendable {
    case digest(MessageDigest.Kind)
    /// Whether they are those of the medium.
    case content

    var word: String {
      switch self {
      case .digest(let kind): "\(kind)"
      case .content: "content"
      }
    }
  }

  private struct Key: Hashable {
    let question: String
    let stamp: String
  }

  private struct Pending {
    var lines: [UInt8] = []
    var count = 0
  }

  private let file: AppendedFile
  private let known: [Key: String]
  private let pending = Mutex(Pending())
  private static let title = "renflou-verify-state-1"

  /// Opens the state, or begins one.
  ///
  /// Throws `SinkError`, and `Malformed` where the file is none, or that of another audit.
  ///
  /// - Parameter job: tells audits apart whose answers mean different things.
  package init(path: String, job: String) throws {
    let text = FolderTree.contents(of: path) ?? []
    let lines = ManifestFile.lines(of: text[...])
    let heading = Array("\(Self.title) \(job)".utf8)
    guard text.isEmpty || lines.first.map(Array.init) == heading else {
      throw Malformed("state", "it belongs to another audit")
    }
    var known: [Key: String] = [:]
    for line in lines.dropFirst() {
      // The last line of a run that was killed may be cut short: its mark is missing.
      let words = String(decoding: line, as: UTF8.self).split(separator: " ")
      guard words.count == 4, words[3] == "." else { continue }
      known[Key(question: String(words[0]), stamp: String(words[2]))] = String(words[1])
    }
    self.known = known
    file = try AppendedFile(path: path)
    if text.isEmpty { try file.append(heading + [0x0A], sync: true) }
    if let last = text.last, last != 0x0A { try file.append([0x0A], sync: false) }
  }

  /// What an earlier run found, if the file is still the same.
  func answer(to question: Question, of file: FolderFile) -> String? {
    known[Key(question: question.word, stamp: Self.stamp(file))]
  }

  /// Keeps an answer: a word without blanks.
  func keep(_ answer: String, to question: Question, of file: FolderFile) throws {
    let line = "\(question.word) \(answer) \(Self.stamp(file)) .\n"
    try pending.withLock { pending in
      pending.lines += Array(line.utf8)
      pending.count += 1
      if pending.count >= 64 || file.length >= 0x400_0000 { try write(&pending) }
    }
  }

  /// Writes what is held back.
  func flush() throws { try pending.withLock { try write(&$0) } }

  private func write(_ pending: inout Pending) throws {
    try file.append(pending.lines, sync: false)
    pending = Pending()
  }

  private static func stamp(_ file: FolderFile) -> String {
    let name = SHA256.hash(file.path).prefix(12)
    return "\(Array(name).hexadecimal)-\(file.length.rawValue)-\(file.inode)-\(file.modified)"
      + "-\(file.changed)"
  }
}
