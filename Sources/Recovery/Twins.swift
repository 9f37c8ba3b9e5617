// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case

/// Where each content stands in the target, so that what carving finds twice is written once.
struct Twins {
  private var paths: [[UInt8]: [UInt8]] = [:]

  /// Takes up what earlier runs have written, as far as it still stands in the target.
  init(of record: Case, isStill: (WrittenRecord) -> Bool) throws {
    var paths: [[UInt8]: [UInt8]] = [:]
    try record.eachWritten { written in
      if isStill(written) { paths[written.sha256] = written.path }
      return true
    }
    self.paths = paths
  }

  /// Where this content stands; nil where it does not.
  func path(of sha256: [UInt8]) -> [UInt8]? { paths[sha256] }

  mutating func add(_ sha256: [UInt8], path: [UInt8]) {
    if paths[sha256] == nil { paths[sha256] = path }
  }
}
