// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// Lets damaged files be opened: what stands on the disk stays as it is, and what is lost behind it is made
/// anew.
package struct Mender {
  private let space: CarvingSpace
  private let references: [MovieReference]
  /// Bytes that may still be read, and made.
  private var credit: Int64
  private var room = 0x400_0000

  private static let allowance: UInt64 = 0x1000_0000

  /// - Parameters:
  ///   - space: what carved files may consist of.
  ///   - references: whole movies of the same source.
  package init(space: CarvingSpace, references: [MovieReference]) {
    self.space = space
    self.references = references
    credit = 4 * Int64(clamping: min(space.length.rawValue, 1 << 56)) + Int64(Self.allowance)
  }

  /// The same finding with what lets it be opened; nil where nothing does, or nothing is needed.
  package mutating func mended(_ finding: Finding) -> Finding? {
    guard finding.origin == .carve, finding.verdict == .partial, credit > 0, room > 0,
      finding.content.allSatisfy({ $0.range != nil }), let format = Self.format(of: finding)
    else { return nil }
    let (file, meter) = space.metered(
      finding.content, name: format, start: nil,
      allowance: Self.allowance.addingReportingOverflow(4 &* finding.size.rawValue).partialValue)
    let mend = try? Mending.mend(file, format: format, references: references)
    credit -= Int64(clamping: meter?.used ?? 0)
    guard let mend, mend.added.count <= room, let content = try? mend.applied(to: finding.content)
    else { return nil }
    room -= mend.added.count
    var result = finding
    result.content = content
    result.size = content.length
    result.evidence.append(.mended(mend.made, mend.repair))
    return result
  }

  /// The format whose header stands at its beginning.
  private static func format(of finding: Finding) -> String? {
    finding.evidence.lazy.compactMap { fact in
      if case .headerMatched(let format) = fact { format } else { nil }
    }.first
  }
}
