// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

extension Walk {
  /// Chooses first clusters where Windows wiped the high 16 bits of their numbers.
  mutating func guessStarts() {
    guard boot.kind == .fat32, boot.clusterEnd > 0x1_0000 else { return }
    let files = jobs.count { $0.entry.size > 0 && $0.entry.isDeleted }
    // Linux keeps the high bits: where many are there, a zero is more likely a true one.
    let kept = jobs.count { $0.entry.size > 0 && $0.entry.isDeleted && $0.entry.high != 0 }
    let zeroBonus = kept * 8 >= files && kept > 0 ? 6.0 : 0.0
    var near: [UInt32: UInt32] = [:]
    for index in jobs.indices where jobs[index].entry.size > 0 {
      let job = jobs[index]
      let before = near[job.directory] ?? max(2, job.directory)
      if job.entry.high == 0, job.entry.isDeleted {
        let (start, candidates) = choose(job.entry, near: before, zeroBonus: zeroBonus)
        jobs[index].start = start
        jobs[index].candidates = candidates
      }
      near[job.directory] =
        jobs[index].start.addingReportingOverflow(boot.clusters(for: job.entry.size)).partialValue
    }
  }

  private func choose(
    _ entry: DirectoryEntry, near: UInt32, zeroBonus: Double
  ) -> (start: UInt32, candidates: UInt32) {
    var best: (score: Double, start: UInt32)?
    var candidates: UInt32 = 0
    let top = (boot.clusterEnd &- 1) >> 16
    // The candidates nearest to the file before, since siblings lie together.
    let home = near >> 16
    let first = home > 32 ? min(home &- 32, top) : 0
    for high in first...min(top, first &+ 64) {
      let start = high << 16 | UInt32(entry.low)
      guard boot.contains(start), map.isFree(start) else { continue }
      candidates &+= 1
      let distance = Double(start) - Double(near)
      var score = ContentHint.score(of: start, entry, source, boot)
      score -= abs(distance) / Double(boot.clusterEnd)
      if distance >= 0, distance <= 40 { score += 3 }
      if high == 0 { score += zeroBonus }
      let end = start.addingReportingOverflow(boot.clusters(for: entry.size)).partialValue
      if map.taken.first(from: start, below: end, member: true) < end { score -= 1 }
      if best.map({ score > $0.score }) ?? true { best = (score, start) }
    }
    guard let best else { return (entry.start, 1) }
    return (best.start, zeroBonus > 0 && best.start == entry.start ? 1 : candidates)
  }
}
