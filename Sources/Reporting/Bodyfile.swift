// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The files of a case as `mactime` of The Sleuth Kit reads them: a line a file, with its four times.
///
/// | Field    | Here                                       |
/// |----------|--------------------------------------------|
/// | MD5      | 0: no such sum is made                     |
/// | name     | the path, "(deleted)" behind it            |
/// | inode    | the number in the case                     |
/// | mode     | the kind of file, without rights           |
/// | UID, GID | 0                                          |
/// | size     | bytes                                      |
/// | times    | access, change of content, of inode, birth: seconds, 0 where not known |
///
/// - Source: The Sleuth Kit wiki, "Body file", format 3.
package struct Bodyfile {
  private let request: ReportRequest

  package init(_ request: ReportRequest) { self.request = request }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    try request.eachFile(all: true) { file in
      let finding = file.finding
      let times = finding.times
      let fields: [String] = [
        "0", name(file), String(file.id), Self.mode(finding.kind), "0", "0",
        String(finding.size.rawValue), seconds(times.accessed), seconds(times.modified),
        seconds(times.changed), seconds(times.created),
      ]
      try write(Array((fields.joined(separator: "|") + "\n").utf8))
    }
  }

  /// A bar would end the field.
  private func name(_ file: ReportedFile) -> String {
    let path = TerminalText.safe(file.path).split(
      separator: "|", omittingEmptySubsequences: false
    ).joined(separator: "\\u{7C}")
    return "/" + path + (file.finding.isDeleted ? " (deleted)" : "")
  }

  private func seconds(_ moment: Timestamp?) -> String {
    guard let moment else { return "0" }
    return String(max(0, moment.nanoseconds / 1_000_000_000))
  }

  private static func mode(_ kind: Finding.Kind) -> String {
    switch kind {
    case .file: "r/r---------"
    case .folder: "d/d---------"
    case .symbolicLink: "l/l---------"
    case .other: "-/----------"
    }
  }
}
