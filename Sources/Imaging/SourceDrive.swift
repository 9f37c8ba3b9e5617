// SPDX-License-Identifier: Apache-2.0

import Bytes
import Storage

/// A file or a block device, read through processes of its own; a process whose read hangs is left
/// behind.
///
/// A device is asked for several reads at once, and answers them in their order: reads that overtake
/// one another move the head. A file is read by two processes at the same time.
///
/// A read that hangs in the kernel cannot be taken back. One such process is left behind at most:
/// while it hangs, another read would only hang too, so it is waited for.
package final class SourceDrive: Drive {
  package let name: String
  package let identity: SourceIdentity
  package let length: ByteCount
  package let sector: ByteCount
  package let flight: ByteCount
  package let isBlockDevice: Bool
  private let isShared: Bool
  private let laneCount: Int
  /// Nil while it is lost.
  private var source: RescueSource?
  private var lanes: [ReadingChild] = []
  private var leftBehind: [Int32] = []
  /// Which half of each lane's memory the next batch is read to.
  private var half = 0
  private var settle: () -> Void = {}
  private var tick: () -> Bool = { false }

  /// Reads that one lane may have in flight in a batch.
  private static let slots = Attempt.mostAtOnce
  private static let slotSize = Int(clamping: Attempt.longest.rawValue)
  /// Reads up to this long are asked for by command, where the device takes commands.
  private static let longestCommand: ByteCount = 0x1_0000

  package init(_ source: RescueSource, isShared: Bool) {
    self.source = source
    self.isShared = isShared
    name = source.path
    identity = source.identity
    length = source.length
    sector = source.logicalSector
    isBlockDevice = source.isBlockDevice
    // A device that turns slow or fails is waited for with all that is in flight.
    flight = isBlockDevice ? 0x10_0000 : 0x80_0000
    laneCount = isBlockDevice ? 1 : 2
  }

  package func connect(
    settle: @escaping () -> Void, tick: @escaping () -> Bool
  ) throws -> Bool {
    self.settle = settle
    self.tick = tick
    if source == nil {
      for path in RescueSource.paths(of: identity, named: name) {
        guard let found = try? RescueSource(path: path, shared: isShared || isHanging)
        else { continue }
        guard found.identity.mayBe(identity) else { throw RescueError(name, .anotherDisk) }
        source = found
        break
      }
    }
    guard source != nil else { return false }
    for _ in 0..<laneCount { lanes.append(try newLane()) }
    return true
  }

  package func disconnect() {
    settle()
    for lane in lanes { leftBehind.append(lane.giveUp()) }
    lanes = []
    source = nil
  }

  private func newLane() throws -> ReadingChild {
    guard let source else { throw RescueError(name, .sourceGone) }
    return try source.reader(memory: 2 * Self.slots * Self.slotSize)
  }

  package func read(_ attempts: [Attempt], _ take: Take) throws -> Bool {
    guard !lanes.isEmpty else { return false }
    for (index, attempt) in attempts.enumerated() { ask(attempt, index) }
    half = 1 - half
    for (index, attempt) in attempts.enumerated() {
      let place = self.place(index, half: 1 - half)
      guard let reply = answer(of: lanes[index % laneCount], limit: attempt.limit) else {
        if tick() { throw Interrupted() }
        try take(Outcome(attempt, .timedOut, seconds: attempt.limit), nil)
        try replaceLane(at: index % laneCount, asking: attempts, after: index)
        continue
      }
      switch reply.result {
      case .came:
        let count = Int(clamping: attempt.range.length.rawValue)
        let bytes = unsafe lanes[index % laneCount].bytes(at: place, count: count)
        try unsafe take(Outcome(attempt, .came, seconds: reply.seconds), bytes)
      case .failed(let sector):
        source?.expectFailures()
        try take(Outcome(attempt, .failed(at: sector), seconds: reply.seconds), nil)
      case .gone: return false
      }
    }
    return true
  }

  private func ask(_ attempt: Attempt, _ index: Int) {
    let byCommand = source?.takesCommands == true && attempt.range.length <= Self.longestCommand
    lanes[index % laneCount].ask(
      attempt.range, place: place(index, half: half),
      command: byCommand ? (sector, attempt.limit) : nil)
  }

  private func place(_ index: Int, half: Int) -> Int {
    (half * Self.slots + index / laneCount % Self.slots) * Self.slotSize
  }

  /// Waits in short steps, so that an interruption is noticed.
  private func answer(of lane: ReadingChild, limit: Double) -> ReadingChild.Reply? {
    var waited = 0.0
    while true {
      let step = min(0.25, max(limit - waited, 0.05))
      if let reply = lane.answer(within: step) { return reply }
      waited += step
      if tick() { return nil }
      if waited >= limit, !isHanging { return nil }
    }
  }

  package var isHanging: Bool {
    leftBehind.removeAll(where: ReadingChild.hasEnded)
    return !leftBehind.isEmpty
  }

  /// Gives up a lane whose read hangs, and asks a new one for what the old one still had to do.
  private func replaceLane(at lane: Int, asking attempts: [Attempt], after index: Int) throws {
    settle()
    leftBehind.append(lanes[lane].giveUp())
    lanes[lane] = try newLane()
    half = 1 - half
    for later in attempts.indices.dropFirst(index + 1) where later % laneCount == lane {
      ask(attempts[later], later)
    }
    half = 1 - half
  }
}

/// The job was asked to stop; what it has is saved.
package struct Interrupted: Error {
  package init() {}
}
