// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Storage

/// Copies a source that may be failing into images, and keeps a record of every sector.
///
/// The policy says what to read next, the drive reads it, the consumer writes, hashes and records
/// behind their backs. Nothing is recorded as read before it is on the target's disk.
package final class Imager {
  package let length: ByteCount
  let observer: RescueObserver
  let settings: ImagerSettings
  let images: [ImageFile]
  let record: RescueRecord
  let consumer: Consumer
  let digests: [RunningDigest]
  let drive: any Drive
  var life = SignsOfLife()
  package internal(set) var policy: Policy
  var stage = RescueProgress.Stage.reading(.copying)
  private var position: ByteOffset = 0
  package private(set) var failedReads = 0
  /// Whether the last read came.
  private var doesWell = true
  private let clock = ContinuousClock()
  private var lastGood: ContinuousClock.Instant
  private var lastObserved: ContinuousClock.Instant
  private var lastWritten: ContinuousClock.Instant

  /// - Parameters:
  ///   - images: where the image is written to: the first is read again for digests.
  ///   - map: what earlier runs reached, or nothing tried.
  init(
    _ drive: any Drive, images: [ImageFile], record: RescueRecord, map: RescueMap,
    settings: ImagerSettings, observer: RescueObserver
  ) throws {
    self.drive = drive
    length = drive.length
    self.images = images
    self.record = record
    self.settings = settings
    self.observer = observer
    digests = settings.digests.map(RunningDigest.init)
    consumer = Consumer(images, digests, record, isSparse: settings.isSparse)
    let whole = RangeSet(0..<ByteOffset(drive.length))
    var policySettings = PolicySettings(
      sector: drive.sector, domains: settings.domains + [whole], flight: drive.flight)
    if let retries = settings.retries { policySettings.retries = retries }
    policy = Policy(map, policySettings)
    lastGood = clock.now
    lastObserved = clock.now
    lastWritten = clock.now
  }

  /// Readies the drive; false where it is not there, or nothing of it can be read that is in the
  /// image already.
  ///
  /// Throws `RescueError` where it is another disk than the image's.
  func connect() throws -> Bool {
    let isThere = try drive.connect(
      settle: { [consumer] in consumer.settle() }, tick: { [weak self] in self?.tick() ?? true })
    guard isThere else { return false }
    let samples = self.samples
    life.know(samples)
    // Where nothing was ever read, nothing can be compared; then only the first time is believed.
    if samples.isEmpty { return failedReads == 0 }
    guard let isSame = try areTheSame(samples) else { return false }
    if !isSame { throw RescueError(drive.name, .anotherDisk) }
    return true
  }

  /// Reads until there is nothing left to try, or the job is interrupted.
  ///
  /// Whatever is thrown, all that was read is recorded before.
  func read() throws {
    do {
      while true {
        let attempts = policy.next()
        guard let first = attempts.first else { break }
        if settings.copiesOnly, first.phase >= .trimming { break }
        if stage != .reading(first.phase) {
          stage = .reading(first.phase)
          try write()
          doesWell = true
        }
        try perform(attempts)
        if observer.isCancelled() { throw Interrupted() }
        if clock.now - lastWritten > .seconds(30) { try write() }
      }
      try write()
    } catch {
      try? write()
      throw error
    }
  }

  /// Makes attempts and takes in what became of them.
  ///
  /// - Parameter isPlanned: whether they are the policy's own.
  func perform(_ attempts: [Attempt], isPlanned: Bool = true) throws {
    try consumer.check()
    if doesWell { try checkUp() }
    consumer.beginBatch()
    let isThere = try unsafe drive.read(attempts) { outcome, bytes in
      position = outcome.attempt.range.upperBound
      life.note(outcome, sector: policy.settings.sector)
      if isPlanned { policy.note(outcome) } else { policy.take(outcome) }
      doesWell = unsafe bytes != nil
      if doesWell { lastGood = clock.now } else { failedReads += 1 }
      unsafe consumer.take(bytes, at: outcome.attempt.range.lowerBound, policy.takeMarks())
    }
    if !isThere || life.isDue { try lookForLife(isThere) }
    _ = tick()
  }

  /// What follows is read to learn what is to be read first.
  package func look() { stage = .looking }

  /// Has these ranges read before all others.
  func prefer(_ domains: [RangeSet<ByteOffset>]) {
    var settings = policy.settings
    settings.domains = domains + settings.domains
    policy = Policy(policy.map, settings)
  }

  /// Tells how far the job is, at most four times a second; true where it is to end.
  func tick() -> Bool {
    let now = clock.now
    if now - lastObserved >= .milliseconds(250) {
      lastObserved = now
      observer.observe(progress())
    }
    return observer.isCancelled()
  }

  func progress(done: ByteCount = 0) -> RescueProgress {
    RescueProgress(
      stage: stage, map: policy.map, position: position, failedReads: failedReads,
      secondsSinceGood: (clock.now - lastGood) / .seconds(1), remaining: policy.remaining,
      done: done)
  }

  /// Writes the mapfile, once all it says is true.
  func write() throws {
    try consumer.flush()
    let phase: Phase? = if case .reading(let phase) = stage { phase } else { nil }
    let isDone = policy.map.count(.finished).addingClamped(policy.map.count(.bad)) == length
    try record.write(policy.map, phase: isDone ? nil : phase, comment: "Rescue of \(drive.name)")
    lastWritten = clock.now
  }

  /// Reads what came before: where nothing of it comes, the drive is gone, and not its sectors bad.
  private func lookForLife(_ isThere: Bool) throws {
    var lives = false
    let probes = isThere ? life.probes() : []
    if isThere, probes.isEmpty {
      // Nothing ever came: who knows? At some point it is the drive.
      if life.suspects.count < 64 { return }
    }
    for probe in probes where !lives {
      consumer.beginBatch()
      let came = try unsafe drive.read([Attempt(probe, .retrying, limit: 15)]) { outcome, _ in
        if case .came = outcome.result { lives = true }
      }
      if !came { break }
    }
    if lives { return life.livesOn() }
    for suspect in life.suspects { policy.forget(suspect) }
    unsafe consumer.take(nil, at: 0, policy.takeMarks())
    life.startAgain()
    try write()
    try log(.sourceGone(failedReads: failedReads))
    try waitForSource()
  }

  func log(_ event: RescueEvent) throws { try record.note(observer.describe(event)) }

  /// Waits until the same source is there again; throws `RescueError` when patience ends.
  private func waitForSource() throws {
    let before = stage
    stage = .waiting
    defer { stage = before }
    let began = clock.now
    var interval = 0.25
    repeat {
      drive.disconnect()
      for _ in 0..<Int(interval / 0.25) {
        if tick() { throw Interrupted() }
        pause(0.25)
      }
      // A drive that is not well is not asked all the time.
      interval = min(interval * 2, 8)
      if try connect() { return try log(.sourceBack) }
    } while clock.now - began < .seconds(settings.patience)
    throw RescueError(drive.name, .sourceGone)
  }

  /// Whether what is read now is what was read before, at these places; nil where nothing comes.
  private func areTheSame(_ samples: [Range<ByteOffset>]) throws -> Bool? {
    var agreed: Bool?
    for range in samples {
      let buffer = ScratchBuffer(count: Int(clamping: range.length.rawValue))
      consumer.beginBatch()
      _ = try unsafe drive.read([Attempt(range, .retrying, limit: 15)]) { _, bytes in
        guard let bytes = unsafe bytes else { return }
        try unsafe images[0].read(at: range.lowerBound, into: buffer.bytes)
        let isSame = unsafe bytes.elementsEqual(UnsafeRawBufferPointer(buffer.bytes))
        agreed = (agreed ?? true) && isSame
      }
    }
    return agreed
  }

  /// Sectors all over what was read so far: at most nine.
  private var samples: [Range<ByteOffset>] {
    let finished = policy.map.ranges(.finished)
    let sectors = policy.map.count(.finished).rawValue / drive.sector.rawValue
    guard sectors > 0 else { return [] }
    let wanted = Set((0..<8).map { sectors * $0 / 8 } + [sectors - 1]).sorted()
    var result: [Range<ByteOffset>] = []
    var passed: UInt64 = 0
    var ranges = finished[...]
    for number in wanted {
      while let range = ranges.first,
        passed + range.length.rawValue / drive.sector.rawValue <= number
      {
        passed += range.length.rawValue / drive.sector.rawValue
        ranges.removeFirst()
      }
      guard let range = ranges.first else { break }
      let start = range.lowerBound.advancedClamped(
        by: ByteCount((number - passed) * drive.sector.rawValue))
      let end = start.advancedClamped(by: drive.sector)
      if end <= range.upperBound { result.append(start..<end) }
    }
    return result
  }

  /// Ends all that goes on behind the job's back.
  func close() {
    drive.disconnect()
    consumer.settle()
  }
}
