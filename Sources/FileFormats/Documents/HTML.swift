// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// HyperText Markup Language, up to `</html>` and what some writers put behind it: comments,
  /// scripts, counters.
  ///
  /// - Source: WHATWG, *HTML Living Standard*, §13.1 "Writing HTML documents", §13.2.5
  ///   "Tokenization".
  package static let html = FileFormat(
    id: "html", name: "HTML document", category: .document,
    extensions: ["html", "htm", "xhtml", "shtml", "hta"],
    validation: .grammar,
    signatures: [.text("<?xml"), .text("<!--"), .anyCase("<head>")]
      // Programs that write pages begin with empty lines, editors with a byte order mark.
      + (0...8).flatMap { place in
        ["<!DOCTYPE html", "<!DOCTYPE NETSCAPE-Bookmark", "<html"].map { .anyCase($0, at: place) }
      } + Signature.wideText("<!DOCTYPE ") + Signature.wideText("<html"),
    maximumSize: 0x4000_0000, resembles: resemblesHTML, examine: examineHTML)

  /// Whether a page begins behind blanks or a mark, and text follows.
  @Sendable private static func resemblesHTML(_ bytes: RawSpan) -> Bool {
    guard let head = try? bytes.copy(at: 0, count: min(bytes.byteCount, 1024)) else { return false }
    let isWide = head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
    let lower = head.filter { !isWide || $0 != 0 }
      .map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    let start = lower.drop { [0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF, 0xFF, 0xFE].contains($0) }
    guard start.first == 0x3C,
      ["<html", "<!doctype html", "<!doctype netscape", "<head"].contains(where: {
        lower.firstIndex(of: Array($0.utf8)) != nil
      })
    else { return false }
    return FileFormat.head(bytes, keepsTo: examineHTML)
  }

  private static func examineHTML(_ file: Source) throws -> Examination {
    var walk = try HTMLWalk(file)
    return try walk.examination()
  }
}
