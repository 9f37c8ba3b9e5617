// SPDX-License-Identifier: Apache-2.0

import Fixtures
import Foundation
import Testing

/// Every image cut short and damaged at random, with a fixed seed: a scan ends well, soon.
@Suite struct `damaged images` {
  private static let rounds = 200
  private static let seconds = 20.0

  private func expectSound(_ work: Workspace, _ what: @autoclosure () -> String, isEmpty: Bool)
    throws
  {
    let outcome = try Command.run(
      program: Command.path,
      ["scan", work("image"), "--case", work("case"), "--progress", "none", "--workers", "1"],
      in: work, limit: Self.seconds)
    let allowed: [Int32] = isEmpty ? [66] : [0, 2, 3]
    #expect(allowed.contains(outcome.status), "\(what()): \(outcome.status) \(outcome.talk)")
    try? FileManager.default.removeItem(atPath: work("case"))
  }

  @Test(arguments: TestImage.all) func `cut at any length`(_ image: TestImage) throws {
    let work = try Workspace()
    try image.unpack(into: work)
    var random = Noise(state: 1)
    let size = try work.bytes("image").count
    // The longest first, so that one file serves them all.
    for length in (0..<Self.rounds).map({ _ in Int.random(in: 0..<size, using: &random) })
      .sorted(by: >)
    {
      try #require(truncate(work("image"), length) == 0)
      try expectSound(work, "\(image.name) cut to \(length)", isEmpty: length == 0)
    }
  }

  @Test(arguments: TestImage.all) func `damaged anywhere`(_ image: TestImage) throws {
    let work = try Workspace()
    try image.unpack(into: work)
    let whole = try work.bytes("image")
    let file = try #require(FileHandle(forUpdatingAtPath: work("image")))
    defer { try? file.close() }
    // What is zero matters to nobody.
    let used = stride(from: 0, to: whole.count, by: 512).filter { start in
      whole[start..<min(start + 512, whole.count)].contains { $0 != 0 }
    }
    var random = Noise(state: 2)
    for round in 0..<Self.rounds {
      var undo: [(Int, Data)] = []
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        let sector = used.randomElement(using: &random) ?? 0
        let start = sector + Int.random(in: 0..<512, using: &random)
        let length = min([1, 2, 4, 64].randomElement(using: &random) ?? 1, whole.count - start)
        guard length > 0 else { continue }
        undo.append((start, whole[start..<start + length]))
        let extreme: UInt8? = [0, 0xFF, nil, nil].randomElement(using: &random) ?? nil
        let bytes = (0..<length).map { _ in extreme ?? UInt8.random(in: 0...255, using: &random) }
        try file.seek(toOffset: UInt64(start))
        try file.write(contentsOf: bytes)
      }
      try expectSound(work, "\(image.name), round \(round)", isEmpty: false)
      for (start, bytes) in undo {
        try file.seek(toOffset: UInt64(start))
        try file.write(contentsOf: bytes)
      }
    }
  }
}
