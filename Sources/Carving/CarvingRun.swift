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
  private var credit: ReadingCredit
  /// Candidates that were not followed to their end, since that would have cost too much.
  package private(set) var cutShort: Int
  /// Bytes that may be read before candidates are only glanced at; negative for a debt.
  package var creditLeft: Int64 { credit.rest }
  /// What a run begins with.
  package static let fullCredit = ReadingCredit.most

  /// Candidates examined at once: enough to keep the workers busy, few enough to waste little on
  /// what the merge then finds to lie inside another file.
  private static let batch = 32
  /// Of one format fewer: where an archive starts, its members look like archives, and each would be
  /// followed to the end of the whole.
  private var mostOfFormat: Int { 2 * workers }

  /// - Parameters:
  ///   - start: where carving begins.
  ///   - cutShort: how many candidates an earlier run of the same job has cut short.
  ///   - credit: what that run had left to read; nil for a first run.
  package init(
    carver: Carver, ownership: Ownership = Ownership(), workers: Int, start: ByteOffset = 0,
    cutShort: Int = 0, credit: Int64? = nil
  ) {
    self.carver = carver
    self.credit = ReadingCredit(at: start, rest: credit ?? ReadingCredit.most)
    self.cutShort = cutShort
    self.ownership = ownership
    self.workers = max(1, workers)
  }

  /// Examines the next candidates, which must be in order of offset and behind all earlier ones.
  ///
  /// - Parameters:
  ///   - check: asked often; what it throws ends the run.
  ///   - body: gets each file that stands, in order; what it throws is thrown.
  package mutating func carve(
    _ candidates: [Candidate], check: () throws -> Void = {}, _ body: (Carved) throws -> Void
  ) throws {
    var rest = candidates[...]
    while !rest.isEmpty {
      try check()
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
      try merge(batch, looks(at: batch, isWhole: credit.isLeft), body)
    }
  }

  /// One place after the other: what the looks cost, then which file stands there.
  private mutating func merge(
    _ batch: [Candidate], _ looks: [Carver.Look], _ body: (Carved) throws -> Void
  ) throws {
    var index = 0
    while index < batch.count {
      let offset = batch[index].offset
      let end = batch[index...].firstIndex { $0.offset != offset } ?? batch.count
      defer { index = end }
      // A look at what has come to lie inside an earlier file costs nothing: who works alone never
      // takes it.
      guard ownership.isFree(offset) else { continue }
      credit.advance(to: offset)
      var files: [Carved] = []
      for place in index..<end {
        var look = looks[place]
        // What was decided before the batch may not hold any more: each look is the one that a worker
        // alone would take.
        if look.isWhole != credit.isLeft {
          look = carver.look(at: batch[place], isWhole: credit.isLeft)
        }
        credit.spend(look.isWhole ? look.cost : 0)
        if look.isCutShort { cutShort += 1 }
        if let carved = look.carved { files.append(carved) }
      }
      if let best = best(of: files), ownership.accept(best) { try body(best) }
    }
  }

  private func looks(at batch: [Candidate], isWhole: Bool) -> [Carver.Look] {
    let results = Mutex([Carver.Look](repeating: Carver.Look(), count: batch.count))
    let next = Atomic(0)
    let carver = carver
    DispatchQueue.concurrentPerform(iterations: min(workers, max(1, batch.count))) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < batch.count else { return }
        let look = carver.look(at: batch[index], isWhole: isWhole)
        results.withLock { $0[index] = look }
      }
    }
    return results.withLock { $0 }
  }

  /// Where several formats recognise the same start, the one with the better verdict, then the
  /// longer one; nil where there is none.
  private func best(of files: [Carved]) -> Carved? {
    var best: Carved?
    for file in files {
      guard let last = best else {
        best = file
        continue
      }
      guard last.isKept == file.isKept else {
        if file.isKept { best = file }
        continue
      }
      let old = last.finding(volume: 0).verdict
      let new = file.finding(volume: 0).verdict
      if new < old || (new == old && file.examination.length > last.examination.length) {
        best = file
      }
    }
    return best
  }
}
