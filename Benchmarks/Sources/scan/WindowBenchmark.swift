// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// Two ways to bring a cached file's windows before two workers, every cache line touched: mapped
/// and populated, or read into a buffer that is used again. It decides how `Storage` reads.
enum WindowBenchmark {
  private static let window = 0x40_0000
  private static let workers = 2

  /// Bytes a second.
  static func run(_ path: String) throws -> (mapped: Double, read: Double) {
    let file = open(path, O_RDONLY)
    guard file >= 0 else { throw Failure("cannot read \(path)") }
    defer { close(file) }
    let windows = Int(lseek(file, 0, SEEK_END)) / window
    let (mapped, first) = measure(windows) { index, _ in
      let pages = mmap(
        nil, window, PROT_READ, MAP_PRIVATE | Int32(MAP_POPULATE), file, off_t(index * window))
      guard let pages, pages != MAP_FAILED else { return 0 }
      defer { munmap(pages, window) }
      return touch(UnsafeRawBufferPointer(start: pages, count: window))
    }
    let (read, second) = measure(windows) { index, buffer in
      guard pread(file, buffer.baseAddress, window, off_t(index * window)) == window else {
        return 0
      }
      return touch(UnsafeRawBufferPointer(buffer))
    }
    guard first == second else { throw Failure("a mapped window differs from the read one") }
    let bytes = Double(windows * window)
    return (bytes / mapped, bytes / read)
  }

  private static func measure(
    _ windows: Int, _ body: @Sendable (Int, UnsafeMutableRawBufferPointer) -> UInt64
  ) -> (seconds: Double, sum: UInt64) {
    let next = Atomic(0)
    let sum = Mutex<UInt64>(0)
    let time = ContinuousClock().measure {
      DispatchQueue.concurrentPerform(iterations: workers) { _ in
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: window, alignment: 4096)
        defer { buffer.deallocate() }
        var own: UInt64 = 0
        while case let index = next.add(1, ordering: .relaxed).oldValue, index < windows {
          own &+= body(index, buffer)
        }
        sum.withLock { $0 &+= own }
      }
    }
    return (time.seconds, sum.withLock { $0 })
  }

  /// The sum of one number of each cache line.
  private static func touch(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var sum: UInt64 = 0
    for at in stride(from: 0, to: bytes.count, by: 64) {
      sum &+= bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    }
    return sum
  }
}
