// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation
import Recovery
import Synchronization

/// Shows how far a job is: on a terminal one line that renews itself each second, else a line each
/// ten seconds, or JSON events.
final class ProgressLine: Sendable {
  private struct State {
    var phase: JobProgress.Phase?
    var phaseBegan = 0.0
    var doneAtStart: ByteCount = 0
    var shown = -100.0
    var isLineOpen = false
  }

  private let form: OutputOptions.ProgressForm
  private let messages: Messages
  private let interruption: Interruption
  private let isTerminal: Bool
  private let state = Mutex(State())

  init(_ output: OutputOptions, interruption: Interruption) {
    form = output.progress
    messages = output.messages
    self.interruption = interruption
    isTerminal = isatty(STDERR_FILENO) == 1
  }

  /// What jobs report to.
  var observer: JobObserver {
    JobObserver(
      observe: { self.show($0) },
      isCancelled: { self.interruption.isAsked })
  }

  /// Says before a long scan that there is little to hope for.
  func warn(before scan: Probe, of source: Source) {
    guard form == .line, let text = messages.warning(before: scan, of: source) else { return }
    write(text)
  }

  /// Ends an open line, so that other talk starts on its own.
  func close() {
    state.withLock { state in
      if state.isLineOpen { write("\n") }
      state.isLineOpen = false
    }
  }

  private func show(_ progress: JobProgress) {
    let moment = ProcessInfo.processInfo.systemUptime
    state.withLock { state in
      if state.phase != progress.phase {
        state.phase = progress.phase
        state.phaseBegan = moment
        state.doneAtStart = progress.done
        if form == .line, isTerminal, state.isLineOpen { write("\n") }
        state.isLineOpen = false
      }
      let isAsked = interruption.takeStatusRequest()
      let interval = form == .json || isTerminal ? 0.5 : 10.0
      guard isAsked || moment - state.shown >= interval, form != .none || isAsked else { return }
      state.shown = moment
      let rate = Rate(
        done: progress.done.subtractingClamped(state.doneAtStart),
        rest: progress.total.subtractingClamped(progress.done), seconds: moment - state.phaseBegan)
      switch form {
      case .json: write(messages.progressEvent(progress, rate: rate) + "\n")
      case .line where isTerminal:
        write("\r\u{1B}[K" + messages.progressLine(progress, rate: rate))
        state.isLineOpen = true
      case .line, .none: write(messages.progressLine(progress, rate: rate) + "\n")
      }
    }
  }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }
}

/// How fast a job goes, and how long the rest will take.
struct Rate {
  let bytesPerSecond: Double
  /// Nil while too little is done to tell.
  let remaining: ClosedRange<Double>?

  init(done: ByteCount, rest: ByteCount, seconds: Double) {
    bytesPerSecond = seconds > 0 ? Double(done.rawValue) / seconds : 0
    if bytesPerSecond > 0, seconds >= 2 {
      let estimate = Double(rest.rawValue) / bytesPerSecond
      remaining = estimate * 0.8...estimate * 1.3
    } else {
      remaining = nil
    }
  }
}
