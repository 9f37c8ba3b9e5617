// SPDX-License-Identifier: Apache-2.0

import Case
import Findings

/// Tells whether a file is meant by a wish, before there is a case to ask: by path or name, type and
/// time of modification.
struct FileSieve {
  private let glob: Glob?
  private let types: Set<String>?
  private let since: Timestamp?
  private let until: Timestamp?

  /// A pattern for paths from the volume's root, or for names where it names no folder.
  init(_ glob: Glob) {
    self.glob = glob
    types = nil
    since = nil
    until = nil
  }

  init(_ query: Query) {
    glob = (query.path ?? query.name).map { Glob($0) }
    types = query.types
    since = query.since
    until = query.until
  }

  func passes(_ finding: Finding) -> Bool {
    if let glob, !matches(glob, finding) { return false }
    if let types, !types.contains(finding.type), !types.contains(Self.ending(finding)) {
      return false
    }
    if since == nil, until == nil { return true }
    guard let modified = finding.times.modified?.nanoseconds else { return false }
    return modified >= since?.nanoseconds ?? .min && modified <= until?.nanoseconds ?? .max
  }

  private func matches(_ glob: Glob, _ finding: Finding) -> Bool {
    guard let name = finding.name else { return false }
    if glob.matches(Glob.Text(name.text)) { return true }
    guard let folder = finding.folder else { return false }
    return glob.matches(Glob.Text((folder + [name]).map(\.text).joined(separator: "/")))
  }

  /// What stands behind the last point of the name: nobody has looked into the file yet.
  private static func ending(_ finding: Finding) -> String {
    guard let name = finding.name?.text, let point = name.lastIndex(of: ".") else { return "" }
    return name[name.index(after: point)...].lowercased()
  }
}
