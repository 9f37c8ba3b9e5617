// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB
import Testing

/// Twins are written once, known files not at all, and both are told.
@Suite struct `twins and known files` {
  private struct Report: Decodable {
    struct File: Decodable {
      struct Written: Decodable {
        let outcome: String
        let path: String?
        let sha256: String
      }
      let path: String
      let written: Written?
    }
    let files: [File]
  }

  private func recover(_ source: String, _ more: [String], in work: Workspace) throws -> Report {
    let outcome = try Command.run(
      program: Command.path,
      ["recover", source, "--to", work("out"), "--all", "--progress", "none"] + more, in: work)
    #expect([0, 2].contains(outcome.status), "\(outcome.talk)")
    return try JSONDecoder().decode(Report.self, from: work.bytes("out/report.json"))
  }

  /// The same picture twice, between noise.
  private func twice(in work: Workspace) throws -> String {
    var image = try Data(contentsOf: URL(filePath: TestImage(name: "carve").unpack(into: work)))
    image.append(image)
    try image.write(to: URL(filePath: work("twice")))
    return work("twice")
  }

  @Test func `what is carved twice is written once`() throws {
    let work = try Workspace()
    let files = try recover(twice(in: work), [], in: work).files.compactMap(\.written)
    let written = files.filter { $0.outcome == "written" }
    let twins = files.filter { $0.outcome == "twin" }
    #expect(twins.count >= 15)
    #expect(Set(written.map(\.sha256)).count == written.count)
    #expect(Set(twins.map(\.sha256)).isSubset(of: written.map(\.sha256)))
    #expect(work.files(below: "out/files").count == written.count)
    #expect(try Command.run("verify", work("out"), in: work).status == 0)
  }

  @Test func `files of a list are left out, whichever digest it holds`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "carve").unpack(into: work)
    let all = try recover(image, [], in: work).files
    let digests = all.compactMap(\.written).map(\.sha256)
    let list =
      "size,md5,sha256,filename\n1,\(String(repeating: "0", count: 32)),\(digests[0]),/a b\n"
      + digests[1] + "  file\n"
    try Data(list.utf8).write(to: URL(filePath: work("known")))
    try FileManager.default.removeItem(atPath: work("out"))
    let outcomes = try recover(image, ["--known", work("known")], in: work).files
      .compactMap(\.written)
    #expect(outcomes.filter { $0.outcome == "known" }.count == 2)
    #expect(work.files(below: "out/files").count == digests.count - 2)
    func listed(_ flag: String) throws -> Int {
      let list = try Command.run("ls", work("out/case"), "--all", flag, in: work)
      return list.output.split(separator: "\n").count
    }
    #expect(try listed("--known") == 2)
    #expect(try listed("--no-known") == all.count - 2)
  }

  /// A database as NSRL publishes them; `key` is what its primary key begins with.
  private func database(_ digests: [String], key: String, in work: Workspace) throws -> String {
    let rows = digests.map { "INSERT INTO FILE VALUES ('\($0.uppercased())', '', 'name', 1);" }
    try DatabaseQueue(path: work("known.db")).write {
      try $0.execute(
        sql: """
          CREATE TABLE FILE (sha256 VARCHAR NOT NULL, sha1 VARCHAR NOT NULL, file_name VARCHAR NOT NULL,
          package_id INTEGER NOT NULL, PRIMARY KEY (\(key)));
          """ + rows.joined())
    }
    return work("known.db")
  }

  @Test func `the database of NSRL is asked where it lies`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "carve").unpack(into: work)
    let digests = try recover(image, [], in: work).files.compactMap(\.written).map(\.sha256)
    let list = try database(Array(digests.prefix(3)), key: "sha256, sha1, file_name", in: work)
    try FileManager.default.removeItem(atPath: work("out"))
    let outcomes = try recover(image, ["--known", list], in: work).files.compactMap(\.written)
    #expect(
      outcomes.filter { $0.outcome == "known" }.map(\.sha256).sorted() == digests.prefix(3).sorted()
    )
  }

  @Test func `a database that would be read whole for every file is refused`() throws {
    let work = try Workspace()
    let list = try database([String(repeating: "0", count: 64)], key: "file_name", in: work)
    let outcome = try Command.run(
      "recover", try TestImage(name: "carve").unpack(into: work), "--to", work("out"), "--known",
      list,
      in: work)
    #expect(outcome.status == 1)
    #expect(outcome.talk.contains("minimal"))
  }

  @Test func `a list without digests is refused`() throws {
    let work = try Workspace()
    try Data("hello\n".utf8).write(to: URL(filePath: work("known")))
    let outcome = try Command.run(
      "recover", work("nothing"), "--to", work("out"), "--known", work("known"), in: work)
    #expect(outcome.status == 1)
    #expect(outcome.talk.contains("line 1"))
  }
}
