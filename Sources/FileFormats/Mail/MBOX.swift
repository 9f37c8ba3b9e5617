// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// A mailbox: messages one after the other, each behind a line that begins with "From ". It ends
  /// where its text does.
  ///
  /// - Source: RFC 4155, *The application/mbox Media Type*, appendix A.
  package static let mbox = FileFormat(
    id: "mbox", name: "mailbox", category: .mail, extensions: ["mbox", "patch"],
    otherCategories: [.document: ["patch"]], validation: .reasoning,
    signatures: [.text("From ")], maximumSize: 0x100_0000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineMBOX) }, examine: examineMBOX)

  private static func examineMBOX(_ file: Source) throws -> Examination {
    try Examination.walk("mbox", file) {
      var walk = MBOXWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over a mailbox, from message to message.
private struct MBOXWalk {
  private var lines: TextLines

  init(_ file: Source) { lines = TextLines(file, allowing: ~1) }

  mutating func examination() throws -> Examination {
    guard let first = try lines.line(), Postmark.isOne(first) else {
      throw Malformed("mailbox", "no message begins here", at: 0)
    }
    var header = MailHeader()
    while let line = try lines.line(), !line.isEmpty {
      // Old servers quote the line once more.
      guard header.read(line) || line.starts(with: Array(">From ".utf8)) || lines.stop != nil else {
        throw Malformed("mailbox", "no header field stands here", at: lines.start)
      }
    }
    guard header.isMessage || lines.stop != nil else {
      throw Malformed("mailbox", "this header is no message's", at: lines.start)
    }
    while try lines.line() != nil {}
    let end = try lines.textEnd()
    guard end.isWhole else { throw Malformed("mailbox", "no text stands here", at: end.offset) }
    var result = Examination.whole("mbox", "mailbox", end: end.offset, and: [.endReasoned])
    // Git writes changes as mail, with the name of a commit for a sender and this date.
    let words = first.split(separator: 0x20)
    if words.count == 7, words[1].count == 40,
      first.firstIndex(of: Array("Mon Sep 17 00:00:00 2001".utf8)) != nil
    {
      result.type = "patch"
      result.name = header.subject
    }
    return result
  }
}
