// SPDX-License-Identifier: Apache-2.0

import Checksums
import Storage

/// The hashes of the log's lines a second time, in a file that only grows: it tells of last lines
/// that were taken out or put in, which the chain alone cannot.
///
/// `? LINE HASH` is written before a line is, `= LINE HASH` once it stands; what was killed between
/// the two may be there or not.
struct LogHashes {
  struct Entry: Equatable {
    let line: Int
    let hash: [UInt8]
  }

  /// What the file says.
  struct Recorded: Equatable {
    /// The hashes by line, as far as they are certain.
    var hashes: [Int: [UInt8]] = [:]
    /// The line that may be there or not.
    var pending: Entry?

    var last: Int { hashes.keys.max() ?? 0 }
  }

  private let path: String

  init(caseFolder: String) { path = caseFolder + "/log.hashes" }

  func append(_ entry: Entry, isCertain: Bool) throws {
    let mark = isCertain ? "=" : "?"
    try AppendedFile(path: path)
      .append(Array("\(mark) \(entry.line) \(entry.hash.hexadecimal)\n".utf8), sync: false)
  }

  /// Nil where there is no such file. A line that means nothing is passed over: what it should have
  /// told is then missed.
  func read() -> Recorded? {
    var recorded = Recorded()
    let isRead = TextLines.each(of: path) { text, _ in
      let words = text.split(separator: 0x20)
      guard words.count == 3, let line = Int(String(decoding: words[1], as: UTF8.self)),
        let hash = [UInt8](hexadecimal: words[2])
      else { return true }
      switch words[0] {
      case [0x3D]:
        recorded.hashes[line] = hash
        recorded.pending = nil
      case [0x3F]:
        // The line before stands, if this one goes on from there.
        if let earlier = recorded.pending, earlier.line < line {
          recorded.hashes[earlier.line] = earlier.hash
        }
        recorded.pending = Entry(line: line, hash: hash)
      default: break
      }
      return true
    }
    return isRead ? recorded : nil
  }
}
