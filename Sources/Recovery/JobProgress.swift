// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How far a job is.
package struct JobProgress: Sendable {
  package enum Phase: String, Sendable {
    case pass, volumes, carving, recovering, verifying, delivering
  }

  package let phase: Phase
  package let done: ByteCount
  package let total: ByteCount
  /// Bytes that could not be read so far.
  package let defects: ByteCount
  /// Files found, written or checked so far.
  package let files: Int

  package init(phase: Phase, done: ByteCount, total: ByteCount, defects: ByteCount, files: Int) {
    self.phase = phase
    self.done = done
    self.total = total
    self.defects = defects
    self.files = files
  }
}

/// What a job asks of whoever started it.
package struct JobObserver: Sendable {
  package let observe: @Sendable (JobProgress) -> Void
  /// Asked often; true ends the job with what it has saved.
  package let isCancelled: @Sendable () -> Bool

  package init(
    observe: @escaping @Sendable (JobProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.observe = observe
    self.isCancelled = isCancelled
  }

  /// Throws `Cancelled` if the job was asked to stop.
  func check() throws {
    if isCancelled() { throw Cancelled() }
  }
}

/// The job was asked to stop; what it found so far is in the case, and it can be resumed.
package struct Cancelled: Error {
  package init() {}
}
