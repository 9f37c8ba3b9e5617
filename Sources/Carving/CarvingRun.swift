// SPDX-License-Identifier: Apache-2.0

import Bytes
import Dispatch
import FileFormats
import Findings
import Synchronization

/// Carves candidates in order of offset: examined in parallel, speculatively, then merged by one
/// sequential step, so that the result depends on neither the number of workers nor their timing.
package struct CarvingRun {
  private let carver: Carver
  private let workers: Int
  package private(set) var ownership: Ownership

  /// Candidates examined at once: enough to keep the workers busy, few enough to waste little on
  /// what the merge then finds to lie inside another file.
  private static let batch = 32
  /// Of one format fewer: where an archive starts, its members look like archives, and each would be
  /// followed to the end of the whole.
  private var mostOfFormat: Int { 2 * workers }

  package init(carver: Carver, ownership: Ownership = Ownership(), workers: Int) {
    self.carver = carver
    self.ownership = ownership
    self.workers = max(1, workers)
  }

  /// Examines the next candidates, which must be in order of offset and behind all earlier ones.
  ///
  /// - Parameter body: gets each file that stands, in order; what it throws is thrown.
  package mutating func carve(
    _ candidates: [Candidate], _ body: (Carved) throws -> Void
  ) throws {
    var rest = candidates[...]
    while !rest.isEmpty {
      var batch: [Candidate] = []
      var counts: [String: Int] = [:]
      while let next = rest.first,
        batch.last?.offset == next.offset
          || batch.count < Self.batch && counts[next.format.id, default: 0] < mostOfFormat
      {
        rest.removeFirst()
        guard ownership.isFree(next.offset), carver.space.contains(next.offset) else { continue }
        batch.append(next)
        counts[next.format.id, default: 0] += 1
      }
      for carved in best(of: examined(batch)) where ownership.accept(carved) { try body(carved) }
    }
  }

  private func examined(_ batch: [Candidate]) -> [Carved] {
    let results = Mutex([Carved?](repeating: nil, count: batch.count))
    let next = Atomic(0)
    let carver = carver
    DispatchQueue.concurrentPerform(iterations: min(workers, max(1, batch.count))) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < batch.count else { return }
        let carved = carver.examine(batch[index])
        results.withLock { $0[index] = carved }
      }
    }
    return results.withLock { $0 }.compactMap { $0 }
  }

  /// Where several formats recognise the same start, the one with the better verdict, then the
  /// longer one.
  private func best(of files: [Carved]) -> [Carved] {
    var result: [Carved] = []
    for file in files {
      guard let last = result.last, last.start == file.start else {
        result.append(file)
        continue
      }
      guard last.isKept == file.isKept else {
        if file.isKept { result[result.count - 1] = file }
        continue
      }
      let old = last.finding(volume: 0).verdict
      let new = file.finding(volume: 0).verdict
      if new < old || (new == old && file.examination.length > last.examination.length) {
        result[result.count - 1] = file
      }
    }
    return result
  }
}
