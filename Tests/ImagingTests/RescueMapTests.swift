// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Imaging

@Suite("What is known of every byte")
struct RescueMapTests {
  @Test("Marks agree with a byte-wise map, whatever their order")
  func agreesWithBytes() throws {
    var state: UInt64 = 4101
    func random(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
    for _ in 0..<200 {
      var map = RescueMap(length: 64)
      var bytes = [Mapfile.Status](repeating: .nonTried, count: 64)
      for _ in 0..<40 {
        let start = random(64)
        let end = min(64, start + 1 + random(20))
        let status = Mapfile.Status.allCases[Int(random(5))]
        map.mark(ByteOffset(start)..<ByteOffset(end), status)
        for index in start..<end { bytes[Int(index)] = status }
        for index in bytes.indices {
          #expect(map.status(at: ByteOffset(UInt64(index))) == bytes[index])
        }
        for status in Mapfile.Status.allCases {
          #expect(map.count(status) == ByteCount(UInt64(bytes.count { $0 == status })))
        }
        let blocks = map.blocks
        #expect(zip(blocks, blocks.dropFirst()).allSatisfy { $0.status != $1.status })
        #expect(RescueMap(try Mapfile(blocks: blocks), length: 64) == map)
      }
    }
  }
}
