// SPDX-License-Identifier: Apache-2.0

import Case
import Findings

/// The paths of findings as lists show them; the volumes' folders are asked for once.
struct PathNames {
  private let folders: [UInt16: [UInt8]]
  private let pseudonyms: Pseudonyms

  init(_ record: Case, _ pseudonyms: Pseudonyms = .none) throws {
    self.pseudonyms = pseudonyms
    folders = Dictionary(
      try record.volumes().map { ($0.number, pseudonyms.name(Array($0.folder.utf8))) },
      uniquingKeysWith: { first, _ in first })
  }

  func path(of finding: Finding, id: Int64) -> [UInt8] {
    var components: [[UInt8]] = []
    if finding.hasVolumePath, let folder = folders[finding.volume] { components.append(folder) }
    // The folders of what content alone told of are our own words.
    let names = (finding.folder ?? []).map(\.bytes)
    components += finding.hasVolumePath ? names.map(pseudonyms.name) : names
    components.append(
      finding.name.map { pseudonyms.name($0.bytes) }
        ?? Case.placeholder(id: id, type: finding.type))
    return Array(components.joined(separator: [0x2F]))
  }
}
