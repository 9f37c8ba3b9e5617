// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Testing

@testable import XFS

@Suite struct `Blocks that several files share` {
  private func times(created: Int64, changed: Int64) -> Times {
    Times(
      created: Timestamp(nanoseconds: created), modified: nil,
      changed: Timestamp(nanoseconds: changed), accessed: nil)
  }

  private let content = [
    Extent(.hole, count: 4096), Extent(ByteOffset(0x1000)..<ByteOffset(0x3000)),
  ]

  private func shared(created: Int64, changed: Int64, isClone: Bool = false) -> ByteCount {
    Clones([(content, times(created: created, changed: changed))])
      .shared(with: content, deleted: Timestamp(nanoseconds: 100), isClone: isClone).length
  }

  @Test func `are shared where both files had them when one was deleted`() {
    #expect(shared(created: 10, changed: 50) == 0x2000)
    #expect(shared(created: 10, changed: 150, isClone: true) == 0x2000)
  }

  @Test func `are overwritten where the other may have got them later`() {
    #expect(shared(created: 10, changed: 150) == 0)
    #expect(shared(created: 100, changed: 100, isClone: true) == 0)
  }

  @Test func `are overwritten where they stand at another place`() {
    let other = [Extent(ByteOffset(0x1000)..<ByteOffset(0x3000))]
    let clones = Clones([(other, times(created: 10, changed: 50))])
    let end = Timestamp(nanoseconds: 100)
    #expect(clones.shared(with: content, deleted: end, isClone: true).isEmpty)
    #expect(clones.shared(with: other, deleted: nil, isClone: true).isEmpty)
    #expect(Clones.isShared(content, content) && !Clones.isShared(content, other))
  }
}
