// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// The result of `body`, or nil where it takes longer than `limit` seconds: then its thread is left
/// to itself, since a read that hangs in the kernel cannot be taken back.
package func within<Result: Sendable>(
  _ limit: Double, _ body: @escaping @Sendable () -> Result
) -> Result? {
  let outcome = Outcome<Result>()
  Thread.detachNewThread {
    let result = body()
    outcome.value.withLock { $0 = result }
    outcome.done.signal()
  }
  guard outcome.done.wait(timeout: .now() + limit) == .success else { return nil }
  return outcome.value.withLock { $0 }
}

private final class Outcome<Value: Sendable>: Sendable {
  let value = Mutex<Value?>(nil)
  let done = DispatchSemaphore(value: 0)
}
