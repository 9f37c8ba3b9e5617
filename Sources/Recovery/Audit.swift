// SPDX-License-Identifier: Apache-2.0

import Bytes
import Storage

/// Compares the files of a folder with the digests that they should have.
package struct Audit {
  /// What became of one file.
  package enum Outcome: String, Sendable, CaseIterable {
    case matched, changed, missing, new
    /// It is there, but cannot be read.
    case unreadable
  }

  /// One file and its outcome; `path` is relative to the folder, in raw bytes.
  package struct Entry: Sendable {
    package let path: [UInt8]
    package let outcome: Outcome
  }

  private let tree: FolderTree
  private let observer: JobObserver

  package init(_ tree: FolderTree, observer: JobObserver) {
    self.tree = tree
    self.observer = observer
  }

  /// Hashes every file of the folder, and hands each outcome to `body`: what is there in order of
  /// path, then what is missing.
  ///
  /// - Parameters:
  ///   - expected: SHA-256 digests by path.
  ///   - isCovered: whether a path that is not expected counts as new.
  package func run(
    expected: [[UInt8]: [UInt8]], isCovered: ([UInt8]) -> Bool = { _ in true },
    _ body: (Entry) throws -> Void
  ) throws {
    var rest = expected
    var done: ByteCount = 0
    var files = 0
    try tree.visit { path, length in
      try observer.check()
      guard let digest = rest.removeValue(forKey: path) else {
        if isCovered(path) { try body(Entry(path: path, outcome: .new)) }
        return
      }
      let outcome: Outcome
      if let found = tree.sha256(of: path) {
        outcome = found == digest ? .matched : .changed
      } else {
        outcome = .unreadable
      }
      try body(Entry(path: path, outcome: outcome))
      done = done.addingClamped(length)
      files += 1
      observer.observe(
        JobProgress(phase: .verifying, done: done, total: 0, defects: 0, files: files))
    }
    for path in rest.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      try body(Entry(path: path, outcome: .missing))
    }
  }
}
