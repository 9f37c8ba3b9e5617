// SPDX-License-Identifier: Apache-2.0

import Bytes
import Carving
import FileFormats

/// What a scan looks for, and how.
package struct ScanSettings: Sendable {
  package var undeletes = true
  package var carves = true
  /// Carve also what volumes say is in use.
  package var carvesEverything = false
  /// The part of the medium that is scanned, where it is not the whole.
  package var part: Range<ByteOffset>?
  package var workers: Int
  /// What is spent on files in pieces.
  package var effort = Effort.normal
  /// Formats that the technician describes, and what tells one description from another.
  package var moreFormats: [FileFormat] = []
  package var moreFormatsDigest = ""

  package init(workers: Int) { self.workers = max(1, workers) }

  /// The settings that shape the result, as the case keeps them: a scan resumes only under the
  /// same. The number of workers is none of them.
  var canonical: String {
    [
      undeletes ? "undelete" : nil, carves ? "carve" : nil, carvesEverything ? "whole" : nil,
      effort == .normal ? nil : "effort=\(effort.rawValue)",
      moreFormats.isEmpty ? nil : "signatures=\(moreFormatsDigest)",
      part.map { "part=\($0.lowerBound.rawValue)-\($0.upperBound.rawValue)" },
    ].compactMap { $0 }.joined(separator: " ")
  }
}
