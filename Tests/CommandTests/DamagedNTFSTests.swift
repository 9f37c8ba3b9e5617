// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The NTFS image with its most important structures damaged: no step by hand, and no file less.
@Suite struct `a damaged NTFS volume` {
  enum Damage: String, CaseIterable, CustomTestStringConvertible {
    case boot, bootAndBackup, tableStart, tableStartEverywhere, firstRecord, firstRecords, bitmap
    case recordSize, moved, beginningCut

    var testDescription: String { rawValue }
  }

  private static let clusterSize = 4096

  private func damaged(_ image: Data, by damage: Damage) -> Data {
    var bytes = image
    func number(at offset: Int) -> Int {
      (0..<8).reversed().reduce(0) { $0 << 8 | Int(bytes[offset + $1]) }
    }
    let backup = number(at: 0x28) * 512
    let table = number(at: 0x30) * Self.clusterSize
    let mirror = number(at: 0x38) * Self.clusterSize
    func wipe(_ start: Int, _ count: Int) {
      bytes.replaceSubrange(start..<start + count, with: Data(count: count))
    }
    switch damage {
    case .boot: wipe(0, 512)
    case .bootAndBackup:
      wipe(0, 512)
      wipe(backup, 512)
    case .tableStart: bytes[0x31] ^= 1
    case .tableStartEverywhere:
      for start in [0, backup] {
        bytes[start + 0x31] ^= 1
        bytes[start + 0x39] ^= 1
      }
    case .firstRecord: wipe(table, 1024)
    case .firstRecords:
      wipe(table, 16 * 1024)
      wipe(mirror, 4096)
    case .bitmap: wipe(table + 6 * 1024, 1024)
    case .recordSize: bytes[0x40] = 1
    case .beginningCut: bytes = Data(bytes.dropFirst(table + 4096))
    case .moved: bytes.insert(contentsOf: Data(count: 63 * 512), at: 0)
    }
    return bytes
  }

  @Test(arguments: Damage.allCases) func `gives what it gave before`(_ damage: Damage) throws {
    let image = try #require(TestImage.all.first { $0.name == "ntfs" })
    let work = try Workspace()
    try image.unpack(into: work)
    try damaged(work.bytes("image"), by: damage).write(to: URL(filePath: work("image")))
    let outcome = try Command.run(
      "recover", work("image"), "--to", work("out"), "--all", "--no-carve", "--progress", "none",
      in: work)
    #expect([0, 2].contains(outcome.status), "\(outcome.talk)")
    let report = try JSONDecoder().decode(
      `test images`.Report.self, from: work.bytes("out/report.json"))
    let found = Set(report.files.compactMap { $0.written?.sha256 })
    let expected = try image.json("expected.json", as: [`test images`.Expected].self)
    for file in expected where file.origin == "undelete" && file.verdict != "partial" {
      if let digest = file.sha256 { #expect(found.contains(digest), "\(file.path)") }
    }
  }
}
