// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Foundation
import Storage
import Testing

@testable import Delivery

@Suite struct `a delivery` {
  private static let files: [SampleDelivery.File] = [
    .init(folder: ["Photos"], name: "sea.jpg", content: "sea"),
    .init(folder: ["Work"], name: "thesis.odt", content: "thesis"),
    .init(
      folder: ["Work"], name: "torn.odt", content: "to", evidence: [.unreadable(1)], missing: 1),
    .init(name: nil, content: "sea", outcome: .twin, path: "f0"),
    .init(folder: ["Work"], name: "known.dll", content: "k", outcome: .known),
    .init(name: nil, content: "carved"),
  ]

  @Test func `what was wished for comes first, and each content once`() throws {
    let sample = try SampleDelivery(
      Self.files, wishes: [Wish(number: 1, words: "The thesis", patterns: ["*.odt"])])
    let plan = try sample.plan()
    #expect(
      plan.files.map(\.path) == [
        "1 - The thesis/Work/thesis.odt", "Other files/Photos/sea.jpg",
        "Other files/Found without a name/Pictures/Picture 6.txt",
      ])
    #expect(plan.leftOut.map(\.path) == ["Damaged files/1 - The thesis/Work/torn.odt"])
    #expect((plan.twins, plan.known) == (1, 1))
    #expect(plan.wishes.map { [$0.whole, $0.damaged] } == [[1, 1]])
  }

  @Test func `damaged files have a folder of their own where they are asked for`() throws {
    let sample = try SampleDelivery(Self.files)
    let result = try sample.deliver(withDamaged: true)
    #expect(sample.delivered.contains("Damaged files/Work/torn.odt"))
    #expect(result.hasLosses && result.isComplete)
    #expect(try sample.text("bag/README.html").contains("can no longer be read (1 B missing)"))
  }

  @Test func `run again it copies nothing that is there, and what is not`() throws {
    let sample = try SampleDelivery(Self.files)
    #expect(try sample.deliver().copied == 3)
    try FileManager.default.removeItem(atPath: sample.folder + "/bag/data/Photos/sea.jpg")
    let again = try sample.deliver()
    #expect((again.kept, again.copied) == (2, 1))
    #expect(try sample.text("bag/bag-info.txt").contains("Payload-Oxum: 15.3\n"))
  }

  @Test func `nothing that something else put there is touched`() throws {
    let sample = try SampleDelivery(Self.files)
    _ = try sample.deliver()
    let changed = sample.folder + "/bag/data/Photos/sea.jpg"
    try Data("SEA".utf8).write(to: URL(filePath: changed))
    let result = try sample.deliver()
    #expect(result.failures.map(\.outcome) == [.changedInTarget] && result.hasLosses)
    #expect(try sample.text("bag/data/Photos/sea.jpg") == "SEA")
    try Data("x".utf8).write(to: URL(filePath: sample.folder + "/bag/data/Photos/mine"))
    #expect(throws: DeliveryError.self) { try sample.deliver() }
  }

  @Test func `what the recovery no longer has is promised, but not there`() throws {
    let sample = try SampleDelivery(Self.files)
    try FileManager.default.removeItem(atPath: sample.folder + "/files/f0")
    try Data("THESIS".utf8).write(to: URL(filePath: sample.folder + "/files/f1"))
    let result = try sample.deliver()
    #expect(result.failures.map(\.outcome) == [.missing, .changed])
    #expect(sample.delivered == ["Found without a name/Pictures/Picture 6.txt"])
    #expect(try sample.text("bag/manifest-sha256.txt").contains("  data/Photos/sea.jpg\n"))
  }

  @Test func `a target that cannot hold it is told so before anything is written`() throws {
    let huge = SampleDelivery.File(folder: [], name: "film", content: "", size: 0x1_0000_0000)
    let sample = try SampleDelivery([huge])
    #expect(
      throws: DeliveryError(
        path: sample.folder + "/bag", reason: .tooLargeForFAT(count: 1, largest: 0x1_0000_0000))
    ) { try sample.deliver(isFAT: true) }
    let more = try SampleDelivery([
      .init(folder: [], name: "film", content: "", size: 0x1000_0000_0000_0000)
    ])
    #expect { try more.deliver() } throws: { error in
      guard case .noRoom(let needed, _) = (error as? DeliveryError)?.reason else { return false }
      return needed > 0x1000_0000_0000_0000
    }
    #expect(sample.delivered.isEmpty && more.delivered.isEmpty)
  }

  @Test func `room is counted in the target's own units`() {
    func file(_ size: ByteCount) -> DeliveryFile {
      DeliveryFile(
        id: 1, origin: [], components: ["a"], originalPath: [], size: size, sha256: [], type: "",
        modified: nil, verdict: .intact, evidence: [], missing: 0, wish: nil)
    }
    let room = DeliveryRoom(unit: 0x2_0000)
    let one = room.needed(for: [file(1)], listed: 2, pictures: 0)
    let two = room.needed(for: [file(1), file(0x2_0000)], listed: 2, pictures: 0)
    #expect(two.subtractingClamped(one) == 0x2_0000)
  }
}
