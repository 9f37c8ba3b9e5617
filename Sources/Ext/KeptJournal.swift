// SPDX-License-Identifier: Apache-2.0

import Bytes
import Synchronization

/// The journal of a volume, read when it is first asked for: who only lists what is present does
/// without.
final class KeptJournal: Sendable {
  private enum State {
    case unread(Source)
    case read(Journal?)
  }

  private let blockSize: UInt64
  private let state: Mutex<State>

  /// - Parameter source: the journal's blocks, in order; nil: there is none.
  init(_ source: Source?, blockSize: UInt64) {
    self.blockSize = blockSize
    state = Mutex(source.map { .unread($0) } ?? .read(nil))
  }

  var journal: Journal? {
    state.withLock { state in
      switch state {
      case .read(let journal): return journal
      case .unread(let source):
        let journal = try? Journal(source, blockSize: blockSize)
        state = .read(journal)
        return journal
      }
    }
  }
}
