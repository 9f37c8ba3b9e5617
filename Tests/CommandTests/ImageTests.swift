// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Every image of TestImages, from the source to the written files.
@Suite struct `test images` {
  /// A line of expected.json.
  struct Expected: Decodable, Hashable {
    let path: String
    let origin: String
    let size: UInt64
    let verdict: String
    let modified: String?
    let sha256: String?
  }

  struct Truth: Decodable {
    struct File: Decodable { let sha256: String }
    let files: [File]
  }

  struct Report: Decodable {
    struct File: Decodable {
      struct Written: Decodable {
        let path: String
        let sha256: String
      }
      let path: String
      let origin: String
      let kind: String
      let size: UInt64
      let verdict: String
      let modified: String?
      let written: Written?
    }
    let files: [File]
  }

  private func recovered(_ image: TestImage, in work: Workspace) throws -> Report {
    let outcome = try Command.run(
      "recover", image.unpack(into: work), "--to", work("out"), "--all", "--progress", "none",
      in: work)
    #expect([0, 2].contains(outcome.status), "\(outcome.talk)")
    return try JSONDecoder().decode(Report.self, from: work.bytes("out/report.json"))
  }

  @Test func `there are images of every kind`() {
    #expect(TestImage.all.count >= 11)
  }

  @Test(arguments: TestImage.all) func `gives exactly what is expected`(_ image: TestImage) throws {
    let work = try Workspace()
    let found = try recovered(image, in: work).files.filter { $0.kind == "file" }.map {
      Expected(
        path: $0.path, origin: $0.origin, size: $0.size, verdict: $0.verdict,
        modified: $0.modified, sha256: $0.written?.sha256)
    }
    let expected = try image.json("expected.json", as: [Expected].self)
    #expect(Set(found) == Set(expected))
    #expect(found.count == expected.count)
  }

  @Test(arguments: TestImage.all) func `calls nothing verified that is not in the truth`(
    _ image: TestImage
  ) throws {
    let truth = Set(try image.json("truth.json", as: Truth.self).files.map(\.sha256))
    guard !truth.isEmpty else { return }
    let work = try Workspace()
    for file in try recovered(image, in: work).files where file.verdict == "verified" {
      if let written = file.written { #expect(truth.contains(written.sha256), "\(file.path)") }
    }
  }

  @Test(arguments: TestImage.all) func `the written files are those of the manifest`(
    _ image: TestImage
  ) throws {
    let work = try Workspace()
    _ = try recovered(image, in: work)
    let outcome = try Command.run("verify", work("out"), in: work)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.talk)")
    let lines = String(decoding: try work.bytes("out/manifest-sha256.txt"), as: UTF8.self)
      .split(separator: "\n").map { String($0.dropFirst(66 + "files/".count)) }
    #expect(Set(lines) == Set(work.files(below: "out/files")))
  }

  @Test func `all files of a volume that no table lists come without being asked for`() throws {
    let work = try Workspace()
    let image = TestImage(name: "ext4-lost")
    let outcome = try Command.run(
      "recover", image.unpack(into: work), "--to", work("out"), "--progress", "none", in: work)
    #expect([0, 2].contains(outcome.status), "\(outcome.talk)")
    let report = try JSONDecoder().decode(Report.self, from: work.bytes("out/report.json"))
    let written = Set(report.files.compactMap(\.written?.sha256))
    let truth = try image.json("truth.json", as: Truth.self).files.map(\.sha256)
    #expect(Set(truth).isSubset(of: written))
    #expect(report.files.contains { $0.origin == "live" })
  }

  @Test func `a changed, a missing and a new file are told apart`() throws {
    let work = try Workspace()
    _ = try recovered(TestImage(name: "fat12"), in: work)
    let files = work.files(below: "out/files")
    let changed = try #require(files.first)
    let missing = try #require(files.last)
    try Data("other".utf8).write(to: URL(filePath: work("out/files/" + changed)))
    try FileManager.default.removeItem(atPath: work("out/files/" + missing))
    try Data("new".utf8).write(to: URL(filePath: work("out/files/new.txt")))
    let outcome = try Command.run("verify", work("out"), "--json", in: work)
    #expect(outcome.status == 2)
    for name in [changed, missing, "new.txt"] { #expect(outcome.output.contains(name)) }
  }
}
