// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import XFS

@Suite struct `XFS superblock` {
  @Test func `bytes without the magic number are none`() throws {
    #expect(try Superblock([UInt8](repeating: 0, count: 512)) == nil)
  }
}
