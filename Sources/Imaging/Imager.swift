// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Storage

/// Copies a source that may be failing into images, and keeps a record of every sector.
///
/// The policy says what to read next, the reader reads it, the consumer writes, hashes and records
/// behind their backs. Nothing is recorded as read before it is on the target's disk.
package final class Imager {
  package let length: ByteCount
  let observer: RescueObserver
  let settings: ImagerSettings
  let images: [ImageFile]
  let record: RescueRecord
  let consumer: Consumer
  let digests: [RunningDigest]
  private let path: String
  private let identity: SourceIdentity
  private let isShared: Bool
  var source: RescueSource?
  var reader: Reader?
  var life = SignsOfLife()
  package internal(set) var policy: Policy
  var stage = RescueProgress.Stage.reading(.copying)
  private var position: ByteOffset = 0
  package private(set) var failedReads = 0
  private let clock = ContinuousClock()
  private var lastGood: ContinuousClock.Instant
  private var lastObserved: ContinuousClock.Instant
  private var lastWritten: ContinuousClock.Instant

  /// - Parameters:
  ///   - images: where the image is written to: the first is read again for digests.
  ///   - map: what earlier runs reached, or nothing tried.
  init(
    _ source: RescueSource, isShared: Bool, images: [ImageFile], record: RescueRecord,
    map: RescueMap, settings: ImagerSettings, observer: RescueObserver
  ) throws {
    self.source = source
    self.isShared = isShared
    path = source.path
    identity = source.identity
    length = source.length
    self.images = images
    self.record = record
    self.settings = settings
    self.observer = observer
    digests = settings.digests.map(RunningDigest.init)
    consumer = Consumer(images, digests, record, isSparse: settings.isSparse)
    let whole = RangeSet(0..<ByteOffset(source.length))
    var policySettings = PolicySettings(
      sector: source.logicalSector, domains: settings.domains + [whole])
    if let retries = settings.retries { policySettings.retries = retries }
    policy = Policy(map, policySettings)
    lastGood = clock.now
    lastObserved = clock.now
    lastWritten = clock.now
    reader = try makeReader(source)
  }

  private func makeReader(_ source: RescueSource) throws -> Reader {
    try Reader(
      source, settle: { [consumer] in consumer.settle() },
      tick: { [weak self] in
        self?.tick() ?? true
      })
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
  func perform(_ attempts: [Attempt]) throws {
    guard let reader else { return }
    try consumer.check()
    consumer.beginBatch()
    let isThere = try unsafe reader.read(attempts) { outcome, bytes in
      position = outcome.attempt.range.upperBound
      life.note(outcome, sector: policy.settings.sector)
      policy.note(outcome)
      if unsafe bytes == nil { failedReads += 1 } else { lastGood = clock.now }
      unsafe consumer.take(bytes, at: outcome.attempt.range.lowerBound, policy.takeMarks())
    }
    if !isThere || life.isDue { try lookForLife(isThere) }
    _ = tick()
  }

  /// Has these ranges read before all others.
  func prefer(_ domains: [RangeSet<ByteOffset>]) {
    var settings = policy.settings
    settings.domains = domains + settings.domains
    policy = Policy(policy.map, settings)
  }

  /// Tells how far the job is, at most four times a second; true where it is to end.
  private func tick() -> Bool {
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
    try record.write(policy.map, phase: isDone ? nil : phase, comment: "Rescue of \(path)")
    lastWritten = clock.now
  }

  /// Reads what came before: where nothing of it comes, the drive is gone, and not its sectors bad.
  private func lookForLife(_ isThere: Bool) throws {
    guard let reader else { return }
    var lives = false
    let probes = isThere ? life.probes() : []
    if isThere, probes.isEmpty {
      // Nothing ever came: who knows? At some point it is the drive.
      if life.suspects.count < 64 { return }
    }
    for probe in probes where !lives {
      consumer.beginBatch()
      let came = try unsafe reader.read([Attempt(probe, .retrying, limit: 15)]) { outcome, _ in
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
    reader?.close()
    reader = nil
    source = nil
    let began = clock.now
    var other = false
    repeat {
      if tick() { throw Interrupted() }
      for path in RescueSource.paths(of: identity, named: path) {
        guard let found = try? RescueSource(path: path, shared: isShared) else { continue }
        guard found.identity.mayBe(identity) else {
          other = true
          continue
        }
        let reader = try makeReader(found)
        switch try holdsTheSame(reader) {
        case true?:
          self.reader = reader
          source = found
          try log(.sourceBack)
          return
        case false?: other = true
        case nil: break
        }
        reader.close()
      }
      pause(0.5)
    } while clock.now - began < .seconds(settings.patience)
    throw RescueError(path, other ? .anotherDisk : .sourceGone)
  }

  /// Whether what is read now is what was read before; nil where nothing comes.
  func holdsTheSame(_ reader: Reader) throws -> Bool? {
    let finished = policy.map.ranges(.finished)
    var agreed: Bool?
    let step = max(1, finished.count / 4)
    for range in stride(from: 0, to: finished.count, by: step).map({ finished[$0] }) {
      let sector = policy.settings.sector
      let end = min(range.upperBound, range.lowerBound.advancedClamped(by: sector))
      let piece = range.lowerBound..<end
      let buffer = ScratchBuffer(count: Int(clamping: piece.length.rawValue))
      consumer.beginBatch()
      _ = try unsafe reader.read([Attempt(piece, .retrying, limit: 15)]) { _, bytes in
        guard let bytes = unsafe bytes else { return }
        try unsafe images[0].read(at: piece.lowerBound, into: buffer.bytes)
        let isSame = unsafe bytes.elementsEqual(UnsafeRawBufferPointer(buffer.bytes))
        agreed = (agreed ?? true) && isSame
      }
    }
    return finished.isEmpty ? true : agreed
  }

  /// Ends all that goes on behind the job's back.
  func close() {
    reader?.close()
    reader = nil
    consumer.settle()
  }
}
