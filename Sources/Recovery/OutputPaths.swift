// SPDX-License-Identifier: Apache-2.0

import Case
import Findings

/// Where under `files/` a finding is written: its own path below its volume's folder, or a carved
/// file's category.
struct OutputPaths {
  private let folders: [UInt16: [UInt8]]

  init(volumes: [VolumeRecord]) {
    folders = Dictionary(
      volumes.map { ($0.number, Array($0.folder.utf8)) }, uniquingKeysWith: { first, _ in first })
  }

  /// The components of the path, raw: the sink escapes what its file system cannot hold.
  func components(of finding: Finding, id: Int64) -> [[UInt8]] {
    let name = finding.name?.bytes ?? Array(Self.name(id: id, type: finding.type).utf8)
    let folder = (finding.folder ?? []).map(\.bytes)
    if !finding.hasVolumePath { return folder + [name] }
    return [folders[finding.volume] ?? Array("volume".utf8)] + folder + [name]
  }

  private static func name(id: Int64, type: String) -> String {
    type.isEmpty ? "#\(id)" : "#\(id).\(type)"
  }
}
