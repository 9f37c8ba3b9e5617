// SPDX-License-Identifier: Apache-2.0

import Bytes
import Storage

@testable import Imaging

/// A drive in memory that fails as a test wants it to.
final class SimulatedDrive: Drive {
  let name = "simulated"
  var identity: SourceIdentity
  var length: ByteCount { ByteCount(clamping: content.count) }
  let sector: ByteCount = 512
  let flight: ByteCount = 0x10_0000
  var isHanging = false
  var content: [UInt8]
  /// Sectors of 512 bytes that never come.
  var bad: Set<Int> = []
  /// After this many failed reads nothing comes any more.
  var diesAfterErrors: Int?
  /// At this read it is unplugged; it is there again when connected for the so manieth time.
  var vanishesAtRead: Int?
  var returnsAtConnection = 0
  /// What it holds when it is there again.
  var contentAfterReturn: [UInt8]?
  /// Reads that were given up.
  var hangsAtSector: Int?
  /// Called before each read.
  var beforeRead: (Int) -> Void = { _ in }
  private(set) var reads = 0
  private(set) var errors = 0
  private(set) var errorsAfterDeath = 0
  private(set) var connections = 0
  /// How many bytes came.
  private(set) var delivered = 0
  private var isGone = false

  init(_ content: [UInt8]) {
    self.content = content
    identity = SourceIdentity(
      model: "Simulated", serial: "S1", length: ByteCount(clamping: content.count))
  }

  func connect(settle: @escaping () -> Void, tick: @escaping () -> Bool) throws -> Bool {
    connections += 1
    guard isGone else { return true }
    guard connections >= returnsAtConnection else { return false }
    isGone = false
    vanishesAtRead = nil
    if let contentAfterReturn { content = contentAfterReturn }
    return true
  }

  func disconnect() {}

  func read(_ attempts: [Attempt], _ take: Take) throws -> Bool {
    for attempt in attempts {
      reads += 1
      beforeRead(reads)
      if reads == vanishesAtRead { isGone = true }
      if isGone { return false }
      let start = Int(attempt.range.lowerBound.rawValue)
      let end = Int(attempt.range.upperBound.rawValue)
      let isDead = diesAfterErrors.map { errors >= $0 } ?? false
      if let hangsAtSector, (start / 512..<(end + 511) / 512).contains(hangsAtSector) {
        try take(Outcome(attempt, .timedOut, seconds: attempt.limit), nil)
      } else if isDead || (start / 512..<(end + 511) / 512).contains(where: bad.contains) {
        errors += 1
        if isDead { errorsAfterDeath += 1 }
        try take(Outcome(attempt, .failed(at: nil), seconds: 3), nil)
      } else {
        delivered += end - start
        // Lent beyond this call, as by a real drive.
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: end - start, alignment: 16)
        bytes.copyBytes(from: content[start..<end])
        try take(Outcome(attempt, .came, seconds: 0.001), UnsafeRawBufferPointer(bytes))
        lent.append(bytes)
      }
    }
    return true
  }

  private var lent: [UnsafeMutableRawBufferPointer] = []
  deinit { for bytes in lent { bytes.deallocate() } }
}
