// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Foundation
import Reporting

/// A small case in a folder of its own, which goes when the sample does.
final class SampleCase {
  let record: Case
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "renflou-report-" + UUID().uuidString
    record = try Case.create(at: folder)
    var job = Job()
    job.source = "disk<1>.img"
    job.sourceLength = 1_048_576
    job.phase = .done
    job.started = Timestamp(seconds: 1_772_323_198)
    job.finished = Timestamp(seconds: 1_772_323_200)
    try record.set(job)
    try record.set(volumes: [
      VolumeRecord(
        number: 1, folder: "1-fat", kind: "FAT16", label: "CAMERA", start: 32_768,
        length: 1_000_000, clusterSize: 512, isAllocationSound: true, remarks: ["not unmounted"])
    ])
    try record.set(.allocated, volume: 1, to: RangeSet(32_768..<65_536))
    try record.set(.unallocated, volume: 1, to: RangeSet(65_536..<1_032_768))
    try record.addPass([
      PassResult(range: 0..<1_048_576, marks: [], defects: RangeSet(512_000..<512_512))
    ])
    try record.add(
      Self.findings, carving: CarvingProgress(position: 1_048_576, cutShort: 0, credit: 0))
    try record.finishScan()
    try record.setWritten(Self.written)
    try record.log("scan started", "begun on <disk>", at: Timestamp(nanoseconds: 0))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func request(
    _ language: Language, _ pseudonyms: Pseudonyms = .none, query: Query = Query()
  ) -> ReportRequest {
    ReportRequest(
      record, query: query, language: language, made: Timestamp(nanoseconds: 0), version: "1.2",
      pseudonyms: pseudonyms)
  }

  static let findings = [
    Finding(
      volume: 1, origin: .undelete, folder: ["DCIM"], name: "été.jpg", type: "jpg", size: 1_474_560,
      times: Times(modified: Timestamp(seconds: 1_767_168_309)),
      content: [Extent(.medium(65_536), count: 1_474_048), Extent(.hole, count: 512)],
      evidence: [.deletedEntry, .checksumsHold(count: 1, kind: "CRC-32")], key: 1),
    Finding(
      volume: 1, origin: .journal, folder: ["DCIM"],
      name: RawName([0x3C, 0x62, 0x3E, 0xFF, 0x0A, 0x5C]), type: "", size: 999,
      content: [Extent(.medium(512_000), count: 512), Extent(.lost, count: 487)],
      evidence: [.deletedEntry, .unreadable(512), .overwritten(487, by: "<new>")], key: 2),
    Finding(
      volume: 1, origin: .live, folder: [], name: "live.txt", type: "txt", size: 2,
      content: [Extent(bytes: [1, 2])], evidence: [.listedAsLive], key: 3),
  ]

  static let written = [
    WrittenRecord(
      id: 1, path: Array("1-fat/DCIM/été.jpg".utf8), sha256: Array(repeating: 0xAB, count: 32),
      size: 1_474_560, missing: 0, verdict: .verified, evidence: findings[0].evidence),
    WrittenRecord(
      id: 2, path: Array("1-fat/DCIM/a\nb\\".utf8), sha256: Array(repeating: 0, count: 32),
      size: 999, missing: 999, verdict: .partial, evidence: findings[1].evidence),
  ]
}

/// All that a rendering hands out, as text.
func text(_ render: (([UInt8]) throws -> Void) throws -> Void) throws -> String {
  var bytes: [UInt8] = []
  try render { bytes += $0 }
  return String(decoding: bytes, as: UTF8.self)
}

/// A JSON document as its parser sees it.
func document(_ render: (([UInt8]) throws -> Void) throws -> Void) throws -> [String: Any]? {
  try JSONSerialization.jsonObject(with: Data(try text(render).utf8)) as? [String: Any]
}
