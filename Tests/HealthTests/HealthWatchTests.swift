// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Health

@Suite struct `health watch` {
  private func report(_ temperature: Int, _ raws: [Int: UInt64] = [:]) throws -> SMARTReport {
    try #require(Recorded.report(Recorded.ata(temperature: temperature, raws)))
  }

  @Test func `a disk pauses above 60 degrees and goes on at 55`() throws {
    var watch = HealthWatch(start: try report(30))
    let steps: [(Int, HealthWatch.Order)] = [
      (58, .goOn), (60, .goOn), (61, .pause(61)), (58, .pause(58)), (56, .pause(56)), (55, .goOn),
      (58, .goOn), (62, .pause(62)), (20, .goOn),
    ]
    for (temperature, order) in steps {
      #expect(watch.take(try report(temperature)).order == order, "\(temperature)")
      #expect(watch.isPaused == (order != .goOn))
    }
  }

  @Test func `counters are told by how far they rose since the start`() throws {
    var watch = HealthWatch(start: try report(30, [5: 1, 197: 8, 199: 40]))
    let same = watch.take(try report(30, [5: 1, 197: 8, 199: 40]))
    #expect(same.change.isNothing)
    let change = watch.take(try report(30, [5: 4, 197: 6, 199: 41])).change
    #expect(change.reallocated == 3 && change.pending == 0 && change.cableErrors == 1)
  }

  @Test func `a disk that begins to fail stops the job; one that failed before does not`() throws {
    let failed = try #require(Recorded.report(Recorded.failed))
    var watch = HealthWatch(start: try report(30))
    #expect(watch.take(failed).order == .stop(.selfAssessmentFailed))
    #expect(watch.take(try report(30, [10: 2])).order == .stop(.spinRetries(2)))
    var known = HealthWatch(start: failed)
    #expect(known.take(failed).order == .goOn)
  }

  @Test func `a poll keeps its distance, a shorter one while the disk cools`() throws {
    let reports = Mutex([try report(30), try report(62), try report(54)])
    let asked = Mutex(0)
    var poll = HealthPoll(interval: 300) {
      asked.withLock { $0 += 1 }
      return reports.withLock { $0.isEmpty ? .tooSlow(seconds: 20) : .report($0.removeFirst()) }
    }
    #expect(poll.poll(at: 0)?.order == .goOn)
    #expect(poll.poll(at: 299) == nil)
    #expect(asked.withLock { $0 } == 1)
    #expect(poll.poll(at: 300)?.order == .pause(62))
    #expect(poll.poll(at: 310) == nil)
    #expect(poll.poll(at: 330)?.order == .goOn)
    #expect(poll.poll(at: 630) == nil)
    #expect(asked.withLock { $0 } == 4)
  }
}
