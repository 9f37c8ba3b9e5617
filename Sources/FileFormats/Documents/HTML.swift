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
    signatures: [
      .anyCase("<!DOCTYPE html"), .anyCase("<!DOCTYPE html", marked: true), .anyCase("<html"),
      .anyCase("<html", marked: true), .text("<?xml"), .text("<!--"), .anyCase("<head>"),
      .anyCase("\n<!DOCTYPE html"), .anyCase("\r\n<!DOCTYPE html"),
      .anyCase("\n\n<!DOCTYPE html"), .anyCase("\r\n\r\n<!DOCTYPE html"),
      .anyCase("<!DOCTYPE NETSCAPE-Bookmark"), .anyCase("\n<html"), .anyCase("\r\n<html"),
    ],
    maximumSize: 0x4000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(bytes.byteCount, 1024)) else {
        return false
      }
      let lower = head.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
      guard
        lower.firstIndex(of: Array("<html".utf8)) != nil
          || lower.firstIndex(of: Array("<!doctype html".utf8)) != nil
          || lower.firstIndex(of: Array("<!doctype netscape".utf8)) != nil
          || lower.firstIndex(of: Array("<head".utf8)) != nil
      else { return false }
      return FileFormat.head(bytes, keepsTo: examineHTML)
    }, examine: examineHTML)

  private static func examineHTML(_ file: Source) throws -> Examination {
    var walk = HTMLWalk(file)
    return try walk.examination()
  }
}
