// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing

@testable import XFS

@Suite struct `What the log tells` {
  private func operation(
    _ transaction: UInt64, _ flags: UInt8, _ bytes: [UInt8] = []
  ) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 12)
    `XFS structures`.put(transaction, 4, at: 0, in: &header)
    `XFS structures`.put(UInt64(bytes.count), 4, at: 4, in: &header)
    header[9] = flags
    return header + bytes
  }

  private func items(_ operations: [[UInt8]]) -> (items: [LogItem], endsUnmounted: Bool) {
    var found: [LogItem] = []
    var items = LogItems { found.append($0) }
    items.add(
      Log.Record(
        number: 7, operations: operations.count, body: operations.flatMap { $0 }))
    return (found, items.endsUnmounted)
  }

  /// A buffer's item of two operations.
  private let description: [UInt8] = [0x3C, 0x12, 2, 0, 0, 0, 0, 0]

  @Test func `a transaction is told when it is committed, whole`() {
    let operations = [
      operation(1, 1), operation(2, 1), operation(1, 0, description), operation(2, 0, [1]),
      operation(1, 0x04, [5]), operation(1, 0x08, [6]), operation(1, 0x02),
    ]
    let (items, endsUnmounted) = items(operations)
    #expect(items.count == 1 && !endsUnmounted)
    #expect(items.first?.pieces == [[5, 6]])
    #expect(items.first?.moment == 7)
    #expect(self.items(operations + [operation(3, 0x20, [0])]).endsUnmounted)
  }

  @Test(.timeLimit(.minutes(1))) func `transactions without end do not add up`() {
    let started = (0..<100_000).map { operation($0, 1) }
    #expect(items(started).items.isEmpty)
    // One operation that goes on and on: each part is taken once.
    let parts =
      [operation(1, 1), operation(1, 0, description)]
      + Array(repeating: operation(1, 0x08, [1]), count: 50_000)
    #expect(items(parts + [operation(1, 0x02)]).items.isEmpty)
  }

  @Test func `a name belongs to the life in which it was in force`() {
    var trail = InodeTrail()
    trail.add(5, isLinked: true, at: 10)
    trail.add(5, isLinked: true, at: 12)
    trail.add(6, isLinked: false, at: 20)
    trail.add(9, isLinked: true, at: 30)
    #expect(trail.span(of: 5) == 0..<20)
    #expect(trail.span(of: 9) == 30..<UInt64.max)
    #expect(trail.span(of: 4) == 0..<UInt64.max)
    #expect(trail.span(beforeFreed: 6) == 0..<UInt64.max)
    #expect(trail.span(beforeFreed: 1) == 0..<10)
    #expect(trail.isOver(5) && trail.isOver(6) && !trail.isOver(9))

    var names = NameTable()
    func add(_ name: RawName, at moment: UInt64) {
      names.add(NameTable.Name(parent: 128, name: name, type: 1), of: 131, .log, at: moment)
    }
    add("old", at: 10)
    add("old", at: 15)
    add("new", at: 30)
    func found(_ life: Range<UInt64>) -> [RawName] {
      names.candidates(for: 131, type: 1, in: life).map(\.name.name)
    }
    #expect(found(trail.span(of: 5)) == ["old"])
    #expect(found(trail.span(of: 9)) == ["new"])
  }

  @Test func `a life that began and ended in one record has a span`() {
    var trail = InodeTrail()
    trail.add(5, isLinked: false, at: .max)
    trail.add(6, isLinked: true, at: .max)
    trail.add(7, isLinked: false, at: .max)
    #expect(trail.span(of: 6).isEmpty)
    for generation in 0..<1000 as Range<UInt32> { trail.add(generation, isLinked: true, at: 1) }
    #expect(trail.isOver(998))
  }

  @Test func `a node of an extent tree belongs to who first led to it`() {
    let owners = NodeOwners()
    #expect(owners.isOwner(131, of: 40))
    #expect(!owners.isOwner(132, of: 40))
    #expect(owners.isOwner(131, of: 40))
  }
}
