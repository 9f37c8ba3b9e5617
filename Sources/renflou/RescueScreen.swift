// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation
import Imaging
import Storage
import Synchronization

/// Shows an image in the making for hours: a map, what is being done, how fast, what failed, how
/// long it will take. On a terminal a few lines that renew themselves; else a line each ten seconds,
/// or JSON events.
final class RescueScreen: Sendable {
  private struct State {
    var shown = -100.0
    var lines = 0
    var began = 0.0
    /// What was finished at some moments, for the rate.
    var history: [(moment: Double, finished: ByteCount)] = []
  }

  private let form: OutputOptions.ProgressForm
  private let messages: Messages
  private let interruption: Interruption
  private let isTerminal: Bool
  private let name: String
  private let state = Mutex(State())

  init(_ output: OutputOptions, source: any Drive, interruption: Interruption) {
    form = output.progress
    messages = output.messages
    self.interruption = interruption
    isTerminal = isatty(STDERR_FILENO) == 1
    name = ([source.name] + [source.identity.model, source.identity.serial].filter { !$0.isEmpty })
      .joined(separator: "  ")
  }

  /// What the imager reports to.
  func observer(_ health: HealthRounds? = nil) -> RescueObserver {
    RescueObserver(
      observe: { self.show($0) },
      isCancelled: { self.interruption.isAsked },
      checkUp: { health?.checkUp() },
      describe: { RescueLogLine($0).json })
  }

  /// Leaves the last lines standing, so that other talk starts on its own.
  func close() { state.withLock { $0.lines = 0 } }

  /// Says something between the lines of progress.
  func say(_ text: (Messages) -> String) {
    close()
    if form != .json { write(text(messages) + "\n") }
  }

  private func show(_ progress: RescueProgress) {
    let moment = ProcessInfo.processInfo.systemUptime
    state.withLock { state in
      let isAsked = interruption.takeStatusRequest()
      let interval = form == .json || isTerminal ? 0.5 : 10.0
      guard isAsked || moment - state.shown >= interval, form != .none || isAsked else { return }
      state.shown = moment
      let finished = progress.map.count(.finished)
      state.history.append((moment, finished))
      state.history.removeAll { moment - $0.moment > 30 }
      var rate = 0.0
      if let first = state.history.first, moment > first.moment {
        let read = finished.subtractingClamped(first.finished)
        rate = Double(read.rawValue) / (moment - first.moment)
      }
      switch form {
      case .json: write(messages.rescueEvent(progress, rate: rate) + "\n")
      case .line where isTerminal:
        let lines = messages.rescueLines(progress, rate: rate, name: name)
        let up = state.lines > 0 ? "\u{1B}[\(state.lines)A" : ""
        write(up + lines.map { "\r\u{1B}[K\($0)\n" }.joined())
        state.lines = lines.count
      case .line, .none: write(messages.rescueLine(progress, rate: rate) + "\n")
      }
    }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}
