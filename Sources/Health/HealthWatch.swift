// SPDX-License-Identifier: Apache-2.0

/// A disk's health while it is imaged: a pure function of the reports that it is handed, one after
/// another.
package struct HealthWatch: Hashable, Sendable {
  package enum Order: Hashable, Sendable {
    case goOn
    /// Too hot, at so many degrees Celsius: read nothing until `goOn` comes.
    case pause(Int?)
    /// The disk calls itself failing, or its platters need several starts, and did not before.
    case stop(Reason)
  }

  /// What is to be done now, and what rose since the start.
  package struct Step: Hashable, Sendable {
    package let order: Order
    package let change: HealthChange
    package let report: SMARTReport
  }

  /// A disk that paused goes on at this temperature, or below: degrees Celsius.
  package static let coolEnough = 55

  package let start: SMARTReport
  package private(set) var isPaused = false

  /// - Parameter start: the report before the first read.
  package init(start: SMARTReport) { self.start = start }

  package mutating func take(_ report: SMARTReport) -> Step {
    let order = order(report)
    if case .pause = order { isPaused = true } else { isPaused = false }
    return Step(order: order, change: HealthChange(from: start, to: report), report: report)
  }

  private func order(_ report: SMARTReport) -> Order {
    if report.isFailing, !start.isFailing { return .stop(.selfAssessmentFailed) }
    let retries = report.ata?.spinRetries ?? 0
    if retries > start.ata?.spinRetries ?? 0 { return .stop(.spinRetries(retries)) }
    if report.isTooHot { return .pause(report.temperature) }
    let isWarm = report.temperature.map { $0 > Self.coolEnough } ?? false
    // NVMe disks have a limit of their own, and are cool when they take their warning back.
    return isPaused && isWarm && report.nvme == nil ? .pause(report.temperature) : .goOn
  }
}

/// Asks a disk between the phases of a job, and not more often than it is good for it.
package struct HealthPoll: Sendable {
  private let ask: @Sendable () -> HealthAnswer
  private let interval: Double
  private var watch: HealthWatch?
  private var last: Double?

  /// A disk that cools is asked more often: seconds.
  private static let pausedInterval = 30.0

  /// - Parameters:
  ///   - start: the report before the first read; without it, the first that is polled.
  ///   - interval: at least so many seconds from one question to the next.
  ///   - ask: asks the disk, within a limit of its own.
  package init(
    start: SMARTReport? = nil, interval: Double = 300, ask: @escaping @Sendable () -> HealthAnswer
  ) {
    watch = start.map(HealthWatch.init)
    self.interval = interval
    self.ask = ask
  }

  /// Asks through smartctl, for at most `limit` seconds each time.
  package init(
    _ smartctl: Smartctl, device: String, start: SMARTReport? = nil, interval: Double = 300,
    limit: Double = 20
  ) {
    self.init(start: start, interval: interval) { smartctl.ask(device, .brief, limit: limit) }
  }

  /// The step that a new report asks for; nil where it is too early, or the disk told nothing: a disk
  /// that is silent is no reason to stop, its reads tell more.
  ///
  /// - Parameter now: seconds of any clock that does not go back.
  package mutating func poll(at now: Double) -> HealthWatch.Step? {
    let wait = watch?.isPaused == true ? min(interval, Self.pausedInterval) : interval
    if let last, now - last < wait { return nil }
    last = now
    guard let report = ask().report else { return nil }
    var watch = watch ?? HealthWatch(start: report)
    let step = watch.take(report)
    self.watch = watch
    return step
  }
}
