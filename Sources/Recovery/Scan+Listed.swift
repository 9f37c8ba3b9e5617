// SPDX-License-Identifier: Apache-2.0

import Bytes
import Carving
import Case
import FileFormats
import Findings
import Volumes

extension Scan {
  /// Carves files of which lists of blocks were left: each is decided by its content, in order of offset.
  func carveListed(
    _ listed: ListedSpace, in space: RangeSet<ByteOffset>, _ carver: Carver, _ claims: Claims,
    _ probe: Probe
  ) throws -> (findings: [Finding], cutShort: Int) {
    var places: [ByteOffset] = []
    var files: [ListedFile] = []
    for layout in listed.layouts {
      let ranges = layout.content.mediumRanges
      guard let start = ranges.first?.lowerBound,
        // What is in use today, or found otherwise, is no more this file's.
        ranges.allSatisfy({ space.contains($0) }), ranges.count == layout.content.count
      else { continue }
      places.append(start)
      files.append(
        ListedFile(
          layout.content, blockSize: layout.blockSize,
          assumed: layout.isSole ? layout.assumed : nil,
          formats: FileFormat.all + settings.moreFormats))
    }
    var carving = ListedCarving(carver: carver, workers: settings.workers)
    var owned = RangeSet<ByteOffset>()
    var findings: [Finding] = []
    for (answer, place) in zip(try carving.answers(for: files, check: observer.check), places) {
      var found: Finding?
      switch answer {
      case .carved(let carved): found = finding(of: carved, claims: claims, probe: probe)
      case .text(let text): found = finding(of: text, at: place, probe: probe, claims)
      case nil: continue
      }
      guard let finding = found,
        !finding.content.mediumRanges.contains(where: { owned.intersects($0) })
      else { continue }
      for range in finding.content.mediumRanges { owned.insert(contentsOf: range) }
      findings.append(finding)
    }
    return (findings, carving.cutShort)
  }

  private func finding(
    of text: PlainText.Text, at place: ByteOffset, probe: Probe, _ claims: Claims
  ) -> Finding? {
    let slice = probe.slices.first { $0.volume != nil && $0.range.contains(place) }
    return finding(of: text, place, volume: slice?.number ?? 0, claims, isListed: true)
  }
}
