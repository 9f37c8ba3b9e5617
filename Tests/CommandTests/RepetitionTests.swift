// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A scan gives the same findings whenever, however and in how many pieces it is run.
@Suite struct `a scan repeats` {
  /// Everything that the case of a folder lists.
  private func list(_ folder: String, in work: Workspace) throws -> String {
    let outcome = try Command.run("ls", folder, "--all", "--json", in: work)
    #expect(outcome.status == 0, "\(outcome.talk)")
    return outcome.output
  }

  private func scan(_ image: String, _ folder: String, _ more: String..., in work: Workspace)
    throws -> String
  {
    let arguments = ["scan", image, "--case", folder, "--progress", "none"] + more
    let outcome = try Command.run(program: Command.path, arguments, in: work)
    #expect([0, 2].contains(outcome.status), "\(outcome.talk)")
    return try list(folder, in: work)
  }

  @Test(arguments: TestImage.all) func `with one worker as with two and three`(_ image: TestImage)
    throws
  {
    let work = try Workspace()
    let path = try image.unpack(into: work)
    let one = try scan(path, work("one"), "--workers", "1", in: work)
    #expect(one.count > 100)
    #expect(try scan(path, work("two"), "--workers", "2", in: work) == one)
    #expect(try scan(path, work("three"), "--workers", "3", in: work) == one)
    #expect(try scan(path, work("one"), in: work) == one)
  }

  /// Several images end to end, most of them volumes that no table lists: long enough to be killed in
  /// every phase.
  @Test func `killed at ten moments and resumed as undisturbed`() throws {
    let work = try Workspace()
    try joined(
      ["carve", "ext4", "fat32-windows", "ext4-mounted", "fat16", "ntfs", "xfs"], into: work)
    let undisturbed = try scan(work("disk"), work("whole"), in: work)
    var random = SystemRandomNumberGenerator()
    var kills = 0
    for attempt in 0..<40 where kills < 10 {
      let folder = work("killed-\(attempt)")
      let running = try Command.start(
        "scan", work("disk"), "--case", folder, "--progress", "none", in: work)
      Thread.sleep(forTimeInterval: Double.random(in: 0.005...0.12, using: &random))
      kill(running.process.processIdentifier, SIGKILL)
      if try running.wait().status == -9 { kills += 1 }
      #expect(try scan(work("disk"), folder, in: work) == undisturbed)
    }
    #expect(kills == 10, "too quick to be killed")
  }

  @Test func `interrupted, it says so and goes on`() throws {
    let work = try Workspace()
    try joined(["carve", "ext4", "fat32-windows"], into: work)
    let undisturbed = try scan(work("disk"), work("whole"), in: work)
    var interrupted = 0
    for attempt in 0..<40 where interrupted == 0 {
      let folder = work("stopped-\(attempt)")
      let running = try Command.start(
        "scan", work("disk"), "--case", folder, "--progress", "none", in: work)
      Thread.sleep(forTimeInterval: 0.02 + 0.002 * Double(attempt))
      kill(running.process.processIdentifier, SIGINT)
      let outcome = try running.wait()
      if outcome.status == 130 {
        interrupted += 1
        #expect(!outcome.talk.isEmpty)
      }
      #expect(try scan(work("disk"), folder, in: work) == undisturbed)
    }
    #expect(interrupted == 1)
  }

  @Test func `recovering twice writes nothing anew`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "fat32-linux").unpack(into: work)
    func recover() throws -> [String: Date?] {
      let outcome = try Command.run(
        "recover", image, "--to", work("out"), "--progress", "none", in: work)
      #expect([0, 2].contains(outcome.status), "\(outcome.talk)")
      let files = work.files(below: "out/files")
      return Dictionary(
        uniqueKeysWithValues: try files.map { name in
          var status = stat()
          try #require(lstat(work("out/files/" + name), &status) == 0)
          let changed = Double(status.st_ctim.tv_sec) + Double(status.st_ctim.tv_nsec) * 1e-9
          return (name, Date(timeIntervalSince1970: changed))
        })
    }
    let first = try recover()
    #expect(first.count > 10)
    #expect(try recover() == first)
  }

  private func joined(_ names: [String], into work: Workspace) throws {
    _ = FileManager.default.createFile(atPath: work("disk"), contents: nil)
    let disk = try #require(FileHandle(forWritingAtPath: work("disk")))
    defer { try? disk.close() }
    for name in names {
      try TestImage(name: name).unpack(into: work, as: "part")
      try disk.write(contentsOf: work.bytes("part"))
    }
    try FileManager.default.removeItem(atPath: work("part"))
  }
}
