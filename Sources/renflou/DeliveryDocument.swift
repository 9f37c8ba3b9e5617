// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Delivery

/// `deliver --json`.
struct DeliveryDocument: Encodable {
  struct Entry: Encodable {
    let id: Int64
    let path: String
    /// Why it could not be delivered; absent for damaged files.
    let outcome: String?
  }

  let schema = "renflou-deliver-1"
  let target: String
  let files: Int
  let bytes: UInt64
  let copied: Int
  let kept: Int
  let twins: Int
  let known: Int
  let notRecovered: Int
  let manifestSHA256: String
  let isComplete: Bool
  let failures: [Entry]
  let doubtful: [Entry]
  let damaged: [Entry]
  let damagedLeftOut: [Entry]

  init(_ result: DeliveryResult, target: String) {
    let plan = result.plan
    self.target = target
    files = plan.files.count
    bytes = plan.bytes.rawValue
    copied = result.copied
    kept = result.kept
    twins = plan.twins
    known = plan.known
    notRecovered = plan.notRecovered
    manifestSHA256 = result.manifest.hexadecimal
    isComplete = result.isComplete
    failures = result.failures.map {
      Entry(id: $0.file.id, path: $0.file.path, outcome: $0.outcome.rawValue)
    }
    doubtful = plan.files.filter(\.isDoubtful).map { Entry(id: $0.id, path: $0.path, outcome: nil) }
    damaged = plan.files.filter(\.isDamaged).map { Entry(id: $0.id, path: $0.path, outcome: nil) }
    damagedLeftOut = plan.leftOut.map { Entry(id: $0.id, path: $0.path, outcome: nil) }
  }
}
