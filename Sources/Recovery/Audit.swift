// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Storage

/// Compares the files of a folder with what they should be.
package struct Audit {
  package struct Settings: Sendable {
    /// How many files are read at a time.
    package var workers = 2
    package var comparesTimes = false
    package var comparesModes = false
    /// What an earlier run found out.
    package var state: AuditState?

    package init() {}
  }

  let tree: FolderTree
  let expected: ExpectedFiles
  let settings: Settings
  let observer: JobObserver

  package init(
    _ tree: FolderTree, expected: ExpectedFiles, settings: Settings = Settings(),
    observer: JobObserver
  ) {
    self.tree = tree
    self.expected = expected
    self.settings = settings
    self.observer = observer
  }

  /// Reads every file that is expected, looks where missing ones went, and hands each outcome to `body`
  /// in order of path.
  ///
  /// Throws `Cancelled`, `SinkError` of the state, and what `body` throws.
  package func run(_ body: (AuditEntry) throws -> Void) throws {
    var found: [FolderFile] = []
    let closed = try tree.visit { file in
      if found.count % 4096 == 0 { try observer.check() }
      found.append(file)
    }
    let wanted = expected.placed(among: found)
    var byPath = Dictionary(wanted.map { ($0.path, $0) }, uniquingKeysWith: { $1 })
    var entries: [AuditEntry] = []
    var pairs: [AuditReading.Pair] = []
    var strays: [FolderFile] = []
    for file in found {
      if let own = byPath.removeValue(forKey: file.path) {
        pairs.append(AuditReading.Pair(expected: own, file: file))
      } else if file.path.starts(with: expected.covered) {
        strays.append(file)
      }
    }
    var missing = Array(byPath.values).sorted { $0.path.lexicographicallyPrecedes($1.path) }
    let reading = AuditReading(self)
    let compared = try reading.entries(of: pairs)
    entries += compared
    for (pair, entry) in zip(pairs, compared) where entry.outcome == .changed {
      strays.append(pair.file)
    }
    let moves = try AuditMoves(reading).moves(of: missing, among: strays)
    missing.removeAll { moves.targets[$0.path] != nil }
    entries += moves.entries
    let taken = Set(moves.targets.values)
    let known = Set(pairs.map(\.file.path))
    entries += missing.map { AuditEntry($0) }
    entries += strays.filter { !taken.contains($0.path) && !known.contains($0.path) }.map { file in
      var entry = AuditEntry(file.path, .new)
      entry.size = file.length
      return entry
    }
    entries += closed.map { AuditEntry($0, .unreadable) }
    entries += totals(of: found)
    for entry in entries.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
      try body(entry)
    }
  }

  /// Whether a bag holds as much as it says.
  private func totals(of files: [FolderFile]) -> [AuditEntry] {
    guard let total = expected.totals else { return [] }
    let payload = files.filter { $0.path.starts(with: expected.covered) }
    let found = PayloadTotals(
      bytes: payload.reduce(0) { $0.addingClamped($1.length) }, files: payload.count)
    guard found != total else { return [] }
    var entry = AuditEntry(Array("bag-info.txt".utf8), .changed)
    entry.totals = (total, found)
    return [entry]
  }
}

extension AuditEntry {
  /// A file that is not there.
  fileprivate init(_ missing: ExpectedFile) {
    self.init(missing.path, .missing)
    expectedSize = missing.size
  }
}

extension ExpectedFiles {
  /// The files by the paths that they have in the tree: of a list of whole paths as many folders are
  /// left out at the front as lets the most files be found.
  fileprivate func placed(among found: [FolderFile]) -> [ExpectedFile] {
    guard isRelocatable, let first = files.first else { return files }
    let present = Set(found.map(\.path))
    func fit(_ count: Int) -> Int {
      files.count { present.contains(Self.dropping(count, from: $0.path)) }
    }
    var common = first.path.split(separator: 0x2F, omittingEmptySubsequences: false).dropLast()
    for file in files where !common.isEmpty {
      let own = file.path.split(separator: 0x2F, omittingEmptySubsequences: false).dropLast()
      common = common.prefix(zip(common, own).prefix { $0 == $1 }.count)
    }
    var best = (count: 0, fit: fit(0))
    for count in stride(from: 1, through: min(common.count, 64), by: 1) where best.fit < files.count
    {
      let own = fit(count)
      if own > best.fit { best = (count, own) }
    }
    if best.count == 0 { return files }
    return files.map { file in
      var file = file
      file.path = Self.dropping(best.count, from: file.path)
      return file
    }
  }

  private static func dropping(_ count: Int, from path: [UInt8]) -> [UInt8] {
    var rest = path[...]
    for _ in 0..<count { rest = rest.drop { $0 != 0x2F }.dropFirst() }
    return Array(rest)
  }
}
