// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Dispatch
import Findings
import SignatureScan
import Synchronization

extension Scan {
  /// One worker's piece of the pass, lent as one window.
  private static let chunk: ByteCount = 0x40_0000

  /// Reads every byte once: workers find signature hits and landmarks chunk by chunk and record
  /// them. Nothing is examined.
  func pass() throws {
    let scanned = try record.scanned()
    let chunks = try self.chunks().filter { !scanned.intersectsAll(of: $0) }
    let state = Mutex(PassState(done: scanned.length, defects: try record.defects().length))
    let next = Atomic(0)
    let table = MarkTable(more: settings.moreFormats)
    DispatchQueue.concurrentPerform(iterations: min(settings.workers, max(1, chunks.count))) { _ in
      var hits: [SignatureHit] = []
      while !observer.isCancelled(), state.withLock({ $0.failure == nil }) {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < chunks.count else { return }
        do {
          let result = try scan(chunks[index], table: table, scratch: &hits)
          try state.withLock { try take(result, into: &$0) }
        } catch {
          state.withLock { $0.failure = error }
        }
      }
    }
    try state.withLock { state in
      if let failure = state.failure { throw failure }
      try record.addPass(state.pending)
    }
    try observer.check()
  }

  private func chunks() throws -> [Range<ByteOffset>] {
    guard let start = try source.onMedium(source.range).first?.range?.lowerBound else { return [] }
    var result: [Range<ByteOffset>] = []
    var position = start
    let end = start.advancedClamped(by: source.length)
    while position < end {
      let stop = min(position.advancedClamped(by: Self.chunk), end)
      result.append(position..<stop)
      position = stop
    }
    return result
  }

  private func scan(
    _ chunk: Range<ByteOffset>, table: MarkTable, scratch: inout [SignatureHit]
  ) throws -> PassResult {
    guard let medium = source.medium else { throw Truncated() }
    let end = min(
      chunk.upperBound.advancedClamped(by: MarkTable.overlap), self.medium.range.upperBound)
    var result = PassResult(range: chunk, marks: [], defects: RangeSet())
    if medium.isHole(chunk.lowerBound..<end) {
      result.classes = [ClassRun(.zero, length: chunk.length)]
      return result
    }
    try medium.withReadableBytes(in: chunk.lowerBound..<end) { bytes, defects in
      let own = min(bytes.byteCount, Int(clamping: chunk.length.rawValue))
      result.classes = BlockClassifier.runs(in: bytes.extracting(0..<own))
      (result.marks, result.passedOver) = table.marks(
        in: bytes, at: chunk.lowerBound, startingWithin: own,
        skipping: result.classes.blanks, scratch: &scratch)
      if !defects.isEmpty { result.defects = defects.intersection(RangeSet(chunk)) }
    }
    return result
  }

  /// Called under the lock: keeps the result, and commits what is pending once a second.
  private func take(_ result: PassResult, into state: inout PassState) throws {
    state.pending.append(result)
    state.done = state.done.addingClamped(result.range.length)
    state.defects = state.defects.addingClamped(result.defects.length)
    let moment = now()
    if moment.nanoseconds - state.committed.nanoseconds >= 1_000_000_000 {
      try record.addPass(state.pending)
      state.pending.removeAll(keepingCapacity: true)
      state.committed = moment
    }
    observer.observe(
      JobProgress(
        phase: .pass, done: state.done, total: source.length, defects: state.defects, files: 0))
  }
}

/// What the workers of a pass share.
private struct PassState {
  var pending: [PassResult] = []
  var done: ByteCount
  var defects: ByteCount
  var committed = Timestamp(nanoseconds: 0)
  var failure: (any Error)?

  init(done: ByteCount, defects: ByteCount) {
    self.done = done
    self.defects = defects
  }
}

extension RangeSet<ByteOffset> {
  /// Whether the whole range is in the set.
  fileprivate func intersectsAll(of range: Range<ByteOffset>) -> Bool {
    ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
  }
}

extension [ClassRun] {
  /// Where zeros stand, relative to the first block.
  fileprivate var blanks: [Range<Int>] {
    var position = 0
    var blanks: [Range<Int>] = []
    for run in self {
      let end = position + Int(clamping: run.length.rawValue)
      if run.kind == .zero { blanks.append(position..<end) }
      position = end
    }
    return blanks
  }
}
