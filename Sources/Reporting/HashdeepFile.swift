// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case

/// The sums of the files written, as `hashdeep -a -k` audits the folder of the recovery with them.
///
/// - Source: hashdeep 4.4, manual, "File format": a header that names the columns, comments behind `##`.
package struct HashdeepFile {
  private let request: ReportRequest

  package init(_ request: ReportRequest) { self.request = request }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    let header = """
      %%%% HASHDEEP-1.0
      %%%% size,sha256,filename
      ## renflou \(request.version)
      ## $ cd FOLDER && hashdeep -c sha256 -r -l -a -k THIS-FILE files
      ##

      """
    try write(Array(header.utf8))
    try request.eachFile { file in
      guard let written = file.written, written.outcome == .written else { return }
      try write(
        Array("\(written.size.rawValue),\(hexadecimal(written.sha256)),files/".utf8)
          + Self.name(written.path) + [0x0A])
    }
  }

  /// A name stands as it is, for it is compared; control characters, of which a line feed would end the
  /// line, are escaped.
  private static func name(_ path: [UInt8]) -> [UInt8] {
    path.contains { $0 < 0x20 || $0 == 0x7F }
      ? Array(TerminalText.safe(path).utf8) : path
  }
}
