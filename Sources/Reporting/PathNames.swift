// SPDX-License-Identifier: Apache-2.0

import Case
import Findings

/// The paths of findings as lists show them; the volumes' folders are asked for once.
struct PathNames {
  private let folders: [UInt16: [UInt8]]

  init(_ record: Case) throws {
    folders = Dictionary(
      try record.volumes().map { ($0.number, Array($0.folder.utf8)) },
      uniquingKeysWith: { first, _ in first })
  }

  func path(of finding: Finding, id: Int64) -> [UInt8] {
    var components: [[UInt8]] = []
    if finding.hasVolumePath, let folder = folders[finding.volume] { components.append(folder) }
    components += (finding.folder ?? []).map(\.bytes)
    components.append(finding.name?.bytes ?? Case.placeholder(id: id, type: finding.type))
    return Array(components.joined(separator: [0x2F]))
  }
}
