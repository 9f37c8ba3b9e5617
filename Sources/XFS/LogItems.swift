// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One structure that a transaction of the log changed: a description, then the pieces of it.
struct LogItem: Sendable {
  /// The record in which its transaction ended.
  let moment: UInt64
  let description: [UInt8]
  let pieces: [[UInt8]]

  enum Kind: UInt16 { case inode = 0x123B, buffer = 0x123C }

  var kind: Kind? { (try? description.little(UInt16.self, at: 0)).flatMap(Kind.init) }
}

/// Puts the operations of log records together to the items of transactions.
///
///     0x00  u32  transaction  0x04  u32  length  0x08  u8  client
///     0x09  u8   0x01 begins, 0x02 commits, 0x04 goes on in the next operation, 0x08 is that going
///                on, 0x10 ends it, 0x20 unmounted
///
/// A transaction is a header ("TRAN"), then its items; an item's description states how many operations
/// it takes, itself included.
///
/// - Source: *XFS Algorithms & Data Structures*, "Log Operations", "Log Items".
struct LogItems {
  /// The committed items so far go to `body`.
  private let body: (LogItem) -> Void
  private var open: [UInt32: Transaction] = [:]
  private var openBytes = 0
  /// Whether the last operation says that the volume was unmounted.
  private(set) var endsUnmounted = false
  /// Transactions that were not ended may be as large as the log; ones of more than this are damage.
  private static let mostBytes = 0x400_0000

  init(_ body: @escaping (LogItem) -> Void) { self.body = body }

  /// Takes the operations of a record; records must come in order.
  mutating func add(_ record: Log.Record) {
    var at = 0
    for _ in 0..<record.operations {
      guard let transaction = try? record.body.big(UInt32.self, at: at),
        let length = (try? record.body.big(UInt32.self, at: at + 4)).flatMap({ Int(exactly: $0) }),
        let flags = try? record.body.big(UInt8.self, at: at + 9),
        let bytes = try? record.body.copy(at: at + 12, count: length)
      else { return }
      at += 12 + length
      endsUnmounted = flags & 0x20 != 0
      take(transaction, flags, bytes, record.number)
    }
  }

  private mutating func take(
    _ transaction: UInt32, _ flags: UInt8, _ bytes: [UInt8], _ moment: UInt64
  ) {
    if flags & 0x01 != 0 {
      close(transaction)
      open[transaction] = Transaction()
      openBytes += Transaction.overhead
    }
    if openBytes > Self.mostBytes {
      open = [:]
      openBytes = 0
    }
    // Taken out while it grows, so that nothing is copied.
    guard var grown = open.removeValue(forKey: transaction) else { return }
    openBytes += grown.take(bytes, goesOn: flags & 0x08 != 0)
    open[transaction] = grown
    if flags & 0x02 != 0, let regions = close(transaction) { commit(regions, moment) }
  }

  @discardableResult
  private mutating func close(_ transaction: UInt32) -> [[UInt8]]? {
    guard let closed = open.removeValue(forKey: transaction) else { return nil }
    openBytes -= closed.byteCount
    return closed.regions
  }

  /// The operations of a transaction that was not ended yet.
  private struct Transaction {
    /// What an operation costs us, whatever it holds.
    static let overhead = 64

    private(set) var regions: [[UInt8]] = []
    private(set) var byteCount = Self.overhead

    /// Takes an operation's bytes, and returns what they cost.
    mutating func take(_ bytes: [UInt8], goesOn: Bool) -> Int {
      guard !bytes.isEmpty else { return 0 }
      if goesOn, !regions.isEmpty {
        regions[regions.count - 1] += bytes
      } else {
        regions.append(bytes)
      }
      byteCount += bytes.count + Self.overhead
      return bytes.count + Self.overhead
    }
  }

  private func commit(_ regions: [[UInt8]], _ moment: UInt64) {
    var index = regions.first?.holds(Array("NART".utf8), at: 0) == true ? 1 : 0
    while index < regions.count {
      let description = regions[index]
      guard let count = (try? description.little(UInt16.self, at: 2)).map(Int.init), count > 0,
        count <= regions.count - index
      else { return }
      body(
        LogItem(
          moment: moment, description: description,
          pieces: Array(regions[(index + 1)..<(index + count)])))
      index += count
    }
  }
}
