// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc

/// A process that reads a source on request, in order, and can be left behind when a read hangs.
///
/// Its memory is shared: what it read is lent from where it was read to.
@safe package final class ReadingChild {
  /// What came of one request.
  package struct Reply: Sendable {
    package enum Result: Sendable, Equatable {
      case came
      /// Where the device named the sector that failed: its start.
      case failed(at: ByteOffset?)
      /// The source does not answer any more: it was unplugged, or switched off.
      case gone
    }

    package let result: Result
    package let seconds: Double
  }

  private var reader = unsafe cs_reader()
  private let descriptor: Descriptor
  /// The ranges that were asked for and not yet answered, oldest first, and how many bytes of each
  /// are the logical sector's where it was asked by command.
  private var asked: [(range: Range<ByteOffset>, sector: UInt64)] = []

  /// - Parameter memory: how many bytes requests may name a place in.
  init(_ descriptor: Descriptor, memory: Int) throws(SystemError) {
    self.descriptor = descriptor
    let result = unsafe cs_reader_start(&reader, descriptor.number, memory)
    guard result == 0 else { throw SystemError(result) }
  }

  deinit {
    if unsafe reader.ring != nil { _ = giveUp() }
  }

  /// Asks for a range, to be read to `place` in the shared memory.
  ///
  /// - Parameter command: the logical sector and the seconds that the device may take, where it is
  ///   asked by command.
  package func ask(
    _ range: Range<ByteOffset>, place: Int, command: (sector: ByteCount, limit: Double)? = nil
  ) {
    var request = cs_request()
    request.offset = range.lowerBound.rawValue
    request.length = UInt32(clamping: range.length.rawValue)
    request.place = UInt32(clamping: place)
    if let command {
      request.sector = UInt32(clamping: command.sector.rawValue)
      request.milliseconds = UInt32(clamping: Int(command.limit * 1000))
    }
    asked.append((range, UInt64(request.sector)))
    _ = unsafe cs_reader_ask(&reader, &request)
  }

  /// Waits for the answer to the oldest request; nil where it did not come within the limit.
  package func answer(within seconds: Double) -> Reply? {
    guard let request = asked.first else { return nil }
    var reply = cs_reply()
    let milliseconds = Int32(clamping: Int(min(seconds, 86_400) * 1000))
    let result = unsafe cs_reader_wait(&reader, milliseconds, &reply)
    if result == -ETIMEDOUT { return nil }
    asked.removeFirst()
    guard result == 0 else { return Reply(result: .gone, seconds: 0) }
    let seconds = Double(reply.nanoseconds) / 1e9
    if reply.result >= 0 {
      let isWhole = UInt64(reply.result) == request.range.length.rawValue
      return Reply(result: isWhole ? .came : .failed(at: nil), seconds: seconds)
    }
    if SystemError(reply.result).isGone { return Reply(result: .gone, seconds: seconds) }
    var named: ByteOffset?
    if reply.names_sector != 0 {
      let (start, overflow) = reply.bad_sector.multipliedReportingOverflow(by: request.sector)
      if !overflow, request.range.contains(ByteOffset(start)) { named = ByteOffset(start) }
    }
    return Reply(result: .failed(at: named), seconds: seconds)
  }

  /// What was read to `place`; valid until something else is read there.
  package func bytes(at place: Int, count: Int) -> UnsafeRawBufferPointer {
    // SAFETY: clamped to the shared memory, which lives as long as the child is not given up.
    let from = unsafe min(max(place, 0), reader.ring_size)
    return unsafe UnsafeRawBufferPointer(
      start: reader.ring + from, count: min(count, reader.ring_size - from))
  }

  /// Leaves the child behind without waiting for it.
  ///
  /// - Returns: its number, for `hasEnded`.
  package func giveUp() -> Int32 {
    let number = unsafe reader.pid
    unsafe cs_reader_abandon(&reader)
    _ = cs_has_ended(number)
    return number
  }

  /// Whether a child that was left behind has gone by now.
  package static func hasEnded(_ number: Int32) -> Bool { cs_has_ended(number) != 0 }
}
