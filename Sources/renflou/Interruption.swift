// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// SIGINT and SIGTERM ask a job to save and end; SIGUSR1 asks for its status.
final class Interruption: Sendable {
  private let stop = Atomic(false)
  private let status = Atomic(false)
  // SAFETY: written in `init` alone; a source must be kept to go on delivering.
  nonisolated(unsafe) private var sources: [any DispatchSourceSignal] = []

  init() {
    let queue = DispatchQueue(label: "signals")
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [weak self] in
        if number == SIGUSR1 {
          self?.status.store(true, ordering: .relaxed)
        } else {
          self?.stop.store(true, ordering: .relaxed)
        }
      }
      source.resume()
      unsafe sources.append(source)
    }
  }

  var isAsked: Bool { stop.load(ordering: .relaxed) }

  /// Whether the status was asked for since the last call.
  func takeStatusRequest() -> Bool { status.exchange(false, ordering: .relaxed) }
}
