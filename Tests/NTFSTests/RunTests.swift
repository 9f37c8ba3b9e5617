// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import NTFS

@Suite struct RunTests {
  @Test func runsFollowEachOtherByDistance() {
    let list: [UInt8] = [0x21, 0x18, 0x34, 0x56, 0x11, 0x10, 0xF0, 0x01, 0x05, 0]
    #expect(
      Run.list(in: list, from: 0, first: 0) == [
        Run(first: 0, cluster: 0x5634, count: 0x18),
        Run(first: 0x18, cluster: 0x5624, count: 0x10),
        Run(first: 0x28, cluster: nil, count: 5),
      ])
  }

  @Test(
    arguments: [
      [0x11, 0x10],  // ends in the middle
      [0x11, 0x10, 0xF0, 0],  // before the start of the volume
      [0x01, 0x00, 0],  // nothing
      [0x09, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0],  // nine bytes of length
      [0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F, 0],  // beyond any volume
      [0x01, 5],  // without an end
    ] as [[UInt8]])
  func brokenListsAreNone(_ list: [UInt8]) {
    #expect(Run.list(in: list, from: 0, first: 0) == nil)
  }
}
