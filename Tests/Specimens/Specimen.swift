// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// A whole file that a test builds, and what its format must say of it.
package struct Specimen: Sendable, CustomStringConvertible {
  /// The id of its format.
  package var format: String
  /// What is special about it, beside the other specimens of the format.
  package var label: String
  package var bytes: [UInt8]
  /// The type, title, date and verdict that the examination must give; nil: any, but for the
  /// verdict, which must then be `intact` or better.
  package var type: String?
  package var name: String?
  package var date: Timestamp?
  package var verdict: Verdict?
  /// Where chunks, records, members begin: it is cut there, beside everywhere else.
  package var boundaries: [Int]
  /// Changing any one byte in these ranges must be noticed: checksums or a decoder cover them.
  package var covered: [Range<Int>]
  /// Cuts that may pass for a whole file, where the format allows one to end there.
  package var wholeCuts: [Range<Int>]
  /// False for formats that end where their content stops looking like itself, so that more of the
  /// same behind them would be taken in.
  package var endsAlone: Bool

  package init(
    _ format: FileFormat, _ bytes: [UInt8], label: String = "", type: String? = nil,
    name: String? = nil, date: Timestamp? = nil, verdict: Verdict? = nil, boundaries: [Int] = [],
    covered: [Range<Int>] = [], wholeCuts: [Range<Int>] = [], endsAlone: Bool = true
  ) {
    self.format = format.id
    self.label = label
    self.bytes = bytes
    self.type = type
    self.name = name
    self.date = date
    self.verdict = verdict
    self.boundaries = boundaries
    self.covered = covered
    self.wholeCuts = wholeCuts
    self.endsAlone = endsAlone
  }

  package var description: String { label.isEmpty ? format : "\(format), \(label)" }
}
