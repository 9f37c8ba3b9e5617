// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Checksums
import Findings

/// What the recovered files of a case should be.
package struct RecoveredFiles {
  package let expected: ExpectedFiles

  /// - Parameter source: what the case was made of; then each file is compared with the bytes that its
  ///   finding names, and its format is examined again where it was said to hold.
  package init(_ record: Case, against source: (any Medium)?, observer: JobObserver) throws {
    var files: [ExpectedFile] = []
    var ids: [Int64] = []
    try record.eachWritten { written in
      var file = ExpectedFile(
        path: Array("files/".utf8) + written.path, size: written.size,
        digest: FileDigest(.sha256, written.sha256))
      file.format = source == nil ? nil : written.evidence.wholeFormat
      files.append(file)
      ids.append(written.id)
      return true
    }
    for (index, id) in ids.enumerated() {
      if index % 1024 == 0 { try observer.check() }
      guard let finding = try record.finding(id) else { continue }
      files[index].content = finding.content
      files[index].modified = finding.times.modified
    }
    var expected = ExpectedFiles(files)
    expected.covered = Array("files/".utf8)
    expected.medium = source
    expected.unreadIsZero = true
    self.expected = expected
  }
}

extension [Evidence] {
  /// The format whose structure was found to hold to the file's end.
  fileprivate var wholeFormat: String? {
    var format: String?
    var isWhole = false
    for evidence in self {
      switch evidence {
      case .headerMatched(let id): format = id
      case .structureHolds: isWhole = true
      case .brokenAt, .truncatedAt: return nil
      default: continue
      }
    }
    return isWhole ? format : nil
  }
}
