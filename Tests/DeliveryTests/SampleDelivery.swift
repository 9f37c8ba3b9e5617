// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Checksums
import Findings
import Foundation
import Reporting

@testable import Delivery

/// A case with its recovered files, in a folder of its own that goes when the sample does.
final class SampleDelivery {
  let record: Case
  let folder: String

  struct File {
    var folder: [RawName]?
    var name: RawName?
    var content: String
    var size: ByteCount?
    var evidence: [Evidence] = [.listedAsLive]
    var missing: ByteCount = 0
    var outcome = WrittenRecord.Outcome.written
    /// Where a twin's content stands.
    var path: String?
  }

  init(_ files: [File], wishes: [Wish] = []) throws {
    folder = NSTemporaryDirectory() + "renflou-delivery-" + UUID().uuidString
    record = try Case.create(at: folder + "/case")
    var job = Job()
    job.source = "gone.img"
    job.phase = .done
    try record.set(job)
    try record.set(volumes: [
      VolumeRecord(
        number: 1, folder: "1-ext4", kind: "ext4", label: "DATA", start: 0, length: 1_000_000,
        clusterSize: 4096, isAllocationSound: true, remarks: [], isInForce: true)
    ])
    try record.add(
      files.enumerated().map { index, file in
        Finding(
          volume: file.folder == nil ? 0 : 1, origin: file.folder == nil ? .carve : .live,
          folder: file.folder ?? ["carved", "photo"], name: file.name, type: "txt",
          size: file.size ?? ByteCount(clamping: file.content.utf8.count),
          times: Times(modified: Timestamp(seconds: 1_000_000_000)), content: [],
          evidence: file.evidence, key: UInt64(index))
      }, carving: nil)
    try record.finishScan()
    try record.set(wishes: wishes)
    try FileManager.default.createDirectory(
      atPath: folder + "/files", withIntermediateDirectories: true)
    try record.setWritten(
      files.enumerated().map { index, file in
        let path = file.path ?? "f\(index)"
        if file.outcome == .written {
          try Data(file.content.utf8).write(to: URL(filePath: folder + "/files/" + path))
        }
        return WrittenRecord(
          id: Int64(index + 1), path: file.outcome == .known ? [] : Array(path.utf8),
          sha256: SHA256.hash(Array(file.content.utf8)),
          size: file.size ?? ByteCount(clamping: file.content.utf8.count), missing: file.missing,
          verdict: Finding(
            volume: 1, origin: .live, size: 1, content: [], evidence: file.evidence, key: 0
          ).verdict,
          evidence: file.evidence, outcome: file.outcome)
      })
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func plan(withDamaged: Bool = false, _ language: Language = .english) throws -> DeliveryPlan {
    try DeliveryPlan(
      record, query: Query(show: .all), language: language, withDamaged: withDamaged)
  }

  /// Delivers into the folder `bag`.
  func deliver(
    withDamaged: Bool = false, _ language: Language = .english, gallery: Thumbnailer? = nil,
    isFAT: Bool = false
  ) throws -> DeliveryResult {
    try Deliver(
      plan(withDamaged: withDamaged, language), record: record, from: folder + "/files",
      to: folder + "/bag", language: language, thumbnailer: gallery, version: "1",
      now: Timestamp(nanoseconds: 0), observer: Deliver.Observer()
    ).run(isFAT: isFAT)
  }

  func text(_ path: String) throws -> String {
    try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
  }

  /// Every file below the bag's `data`.
  var delivered: [String] {
    let all = FileManager.default.enumerator(atPath: folder + "/bag/data")
    return (all?.compactMap { $0 as? String } ?? []).filter { path in
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(
        atPath: folder + "/bag/data/" + path, isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
  }
}
