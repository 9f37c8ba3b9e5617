// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Imaging

/// `image --json`: what came of it.
struct ImageDocument: Encodable {
  let schema = "renflou-image-1"
  let image: String
  let map: String
  /// Bytes, as all counts.
  let length: UInt64
  let finished: UInt64
  let bad: UInt64
  let badAreas: Int
  /// What is left to try.
  let untried: UInt64
  let failedReads: Int
  let digests: [String: String]

  var unread: UInt64 { length - finished }

  init(_ result: Rescue.Result, image: String, map: String) {
    self.image = image
    self.map = map
    length = result.map.length.rawValue
    finished = result.map.count(.finished).rawValue
    bad = result.map.count(.bad).rawValue
    badAreas = result.map.ranges(.bad).count
    untried = length - finished - bad
    failedReads = result.failedReads
    digests = Dictionary(
      uniqueKeysWithValues: result.digests.map { ("\($0.kind)", $0.digest.hexadecimal) })
  }

  /// What the log of a case keeps of it.
  var custody: String {
    let sums = digests.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return ([CommandWords.quoted(image), "\(finished) of \(length) bytes read"] + sums)
      .joined(separator: ", ")
  }

  static func name(_ stage: RescueProgress.Stage) -> String {
    switch stage {
    case .reading(let phase): "\(phase)"
    default: "\(stage)"
    }
  }
}
