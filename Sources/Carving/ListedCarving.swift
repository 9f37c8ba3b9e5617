// SPDX-License-Identifier: Apache-2.0

import Bytes
import Dispatch
import Synchronization

/// Carves the files of which lists of blocks were left, before all others: what they own is no part of
/// what lies around it.
///
/// Files of which two lists tell the same start, or the same bytes, are decided in order of offset.
package struct ListedCarving {
  private let carver: Carver
  private let workers: Int
  /// Bytes that may be read: it grows with the ground.
  private var credit: Int64
  /// Lists that were not looked at.
  package private(set) var cutShort = 0

  private static let batch = 16

  package init(carver: Carver, workers: Int) {
    self.carver = carver
    self.workers = max(1, workers)
    credit = ReadingCredit.most + 16 * Int64(clamping: min(carver.space.length.rawValue, 1 << 56))
  }

  /// What each of the files is; nil for one whose content does not agree with its list.
  package mutating func answers(
    for files: [ListedFile], check: () throws -> Void = {}
  ) throws -> [ListedFile.Answer?] {
    var answers: [ListedFile.Answer?] = []
    var rest = files[...]
    while !rest.isEmpty {
      try check()
      let batch = Array(rest.prefix(Self.batch))
      rest = rest.dropFirst(batch.count)
      guard credit > 0 else {
        cutShort += batch.count
        answers += batch.map { _ in nil }
        continue
      }
      for (answer, cost) in looks(at: batch) {
        answers.append(answer)
        credit = credit.subtractingReportingOverflow(Int64(clamping: cost)).partialValue
      }
    }
    return answers
  }

  private func looks(at batch: [ListedFile]) -> [(answer: ListedFile.Answer?, cost: UInt64)] {
    let results = Mutex(
      [(answer: ListedFile.Answer?, cost: UInt64)](
        repeating: (nil, 0), count: batch.count))
    let next = Atomic(0)
    let carver = carver
    DispatchQueue.concurrentPerform(iterations: min(workers, batch.count)) { _ in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < batch.count else { return }
        let look = batch[index].look(by: carver)
        results.withLock { $0[index] = look }
      }
    }
    return results.withLock { $0 }
  }
}
