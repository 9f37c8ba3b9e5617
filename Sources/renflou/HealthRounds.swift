// SPDX-License-Identifier: Apache-2.0

import Foundation
import Health
import Identification
import Imaging
import Storage
import Synchronization

/// Looks after a disk while it is imaged: asks it how it does each few minutes, and tells what
/// changed.
final class HealthRounds: Sendable {
  private struct State {
    var poll: HealthPoll
    var isPaused = false
    /// What was said last, which is not said again.
    var said: String?
  }

  private let state: Mutex<State>
  private let say: @Sendable ((Messages) -> String) -> Void
  private let messages: Messages

  /// Seconds that the disk may take to answer: nothing is read meanwhile.
  private static let limit = 10.0

  /// Nil where there is nobody to ask, or nobody who can.
  init?(
    _ path: String, isBlockDevice: Bool, messages: Messages,
    say: @escaping @Sendable ((Messages) -> String) -> Void
  ) {
    guard isBlockDevice, let smartctl = Smartctl.installed else { return nil }
    let device = Device.holding(path)?.path ?? path
    state = Mutex(State(poll: HealthPoll(smartctl, device: device, limit: Self.limit)))
    self.say = say
    self.messages = messages
  }

  /// Asks, where it is time to.
  func checkUp() -> CheckUp? {
    let now = ProcessInfo.processInfo.systemUptime
    return state.withLock { state in
      guard let step = state.poll.poll(at: now) else { return nil }
      let words = messages.health(step, wasPaused: state.isPaused)
      if let words, words != state.said { say { _ in words } }
      if words != nil { state.said = words }
      let checkUp = Self.checkUp(step)
      state.isPaused = checkUp.order == .pause
      return checkUp
    }
  }

  private static func checkUp(_ step: HealthWatch.Step) -> CheckUp {
    let report = step.report
    let values: [(name: String, value: UInt64?)] = [
      ("temperature", report.temperature.flatMap(UInt64.init(exactly:))),
      ("reallocated", report.ata?.reallocated), ("pending", report.ata?.pending),
      ("uncorrectable", report.ata?.reportedUncorrectable),
      ("cableErrors", report.ata?.cableErrors), ("mediaErrors", report.nvme?.mediaErrors),
      ("uncorrectedReads", report.scsi?.uncorrectedReads),
    ]
    var seen = values.compactMap { name, value in value.map { (name, "\($0)") } }
    if let passed = report.passed { seen.append(("passed", "\(passed)")) }
    let order: CheckUp.Order =
      switch step.order {
      case .goOn: .goOn
      case .pause: .pause
      case .stop: .stop
      }
    return CheckUp(order, seen: seen)
  }
}
