// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Foundation
import SignatureScan

/// The scanner beside the obvious loop, on the same bytes in memory: they must agree.
struct OracleBenchmark {
  let megabytes: Int
  let hits: Int
  /// Bytes a second.
  let oracleRate: Double
  let scannerRate: Double

  static func run() throws -> OracleBenchmark {
    let bytes = noise(8 << 20)
    let signatures = FileFormat.all.flatMap(\.signatures)
    let oracle = Oracle(signatures)
    let table = SignatureTable(signatures)
    let clock = ContinuousClock()
    var expected: [SignatureHit] = []
    let slow = clock.measure { expected = oracle.scan(bytes.span.bytes, at: 0) }
    var found: [SignatureHit] = []
    let rounds = 50
    let quick = clock.measure {
      for _ in 0..<rounds {
        found.removeAll(keepingCapacity: true)
        table.scan(bytes.span.bytes, at: 0, into: &found)
      }
    }
    guard found.sorted() == expected else {
      throw Failure("the scanner and the oracle disagree")
    }
    return OracleBenchmark(
      megabytes: bytes.count >> 20, hits: expected.count,
      oracleRate: Double(bytes.count) / slow.seconds,
      scannerRate: Double(bytes.count * rounds) / quick.seconds)
  }

  private static func noise(_ count: Int) -> [UInt8] {
    var state: UInt64 = 0x0DDB_A115
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 56)
    }
  }
}

extension Duration {
  var seconds: Double {
    Double(components.seconds) + Double(components.attoseconds) * 1e-18
  }
}
