// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What other programs make of the reports of a real recovery.
@Suite struct `reports of a recovery` {
  private let work: Workspace
  private let folder: String

  init() throws {
    work = try Workspace()
    folder = work("out")
    let image = try #require(TestImage.all.first { $0.name == "fat16" })
    try image.unpack(into: work)
    let outcome = try Command.run("recover", work("image"), "--to", folder, in: work)
    try #require(outcome.status == 0 || outcome.status == 2, "\(outcome.talk)")
  }

  private func report(_ name: String, _ options: String...) throws -> Command.Outcome {
    try Command.run(
      program: Command.path, ["report", folder + "/case", "--to", work(name)] + options, in: work)
  }

  @Test func `come in every form, by the name of the file`() throws {
    for (name, start) in [
      ("a.html", "<!DOCTYPE html>"), ("a.txt", "Recovery report"), ("a.json", "{\"schema\""),
      ("a.csv", "id,path,"), ("a.dfxml", "<?xml"), ("a.body", "0|/"),
      ("a.hashdeep", "%%%% HASHDEEP-1.0"), ("a.jsonld", "{\"@context\""),
    ] {
      #expect(try report(name).status == 0, "\(name)")
      #expect(String(decoding: try work.bytes(name), as: UTF8.self).hasPrefix(start), "\(name)")
    }
  }

  @Test(.enabled(if: Command.tool("hashdeep") != nil))
  func `are sums that hashdeep audits the folder with`() throws {
    try #require(try report("sums.hashdeep").status == 0)
    func audit() throws -> Int32 {
      try Command.run(
        program: "/bin/sh",
        [
          "-c",
          "cd \"$1\" && hashdeep -c sha256 -r -l -a -k \"$2\" files", "sh", folder,
          work("sums.hashdeep"),
        ], in: work
      ).status
    }
    #expect(try audit() == 0)
    let file = try #require(work.files(below: "out/files").first)
    try Data("changed".utf8).write(to: URL(filePath: folder + "/files/" + file))
    #expect(try audit() != 0)
  }

  @Test(.enabled(if: Command.tool("mactime") != nil))
  func `are a time line for mactime`() throws {
    try #require(try report("files.body").status == 0)
    let line = try Command.run(
      program: "/usr/bin/mactime", ["-b", work("files.body"), "-d"], in: work)
    #expect(line.status == 0)
    let files = String(decoding: try work.bytes("files.body"), as: UTF8.self).split(separator: "\n")
    #expect(line.output.split(separator: "\n").count > files.count)
  }

  @Test(.enabled(if: Command.tool("xmllint") != nil))
  func `are XML where they say so`() throws {
    try #require(try report("files.dfxml").status == 0)
    let check = try Command.run(
      program: "/usr/bin/xmllint", ["--nonet", "--noout", work("files.dfxml")], in: work)
    #expect(check.status == 0, "\(check.talk)")
  }

  @Test(.enabled(if: Command.tool("weasyprint") != nil && Command.tool("pdfinfo") != nil))
  func `fit the client's page on one sheet`() throws {
    let outcome = try report("client.pdf", "--for", "client", "--lang", "fr")
    #expect(outcome.status == 0, "\(outcome.talk)")
    let about = try Command.run(program: "/usr/bin/pdfinfo", [work("client.pdf")], in: work)
    #expect(about.output.contains(/Pages: +1\n/))
    #expect(!work.files(below: ".").contains { $0.contains(".renflou-") })
  }

  @Test func `say what to do where nothing makes a PDF`() throws {
    let outcome = try Command.run(
      program: "/usr/bin/env",
      ["PATH=/nowhere", Command.path, "report", folder + "/case", "--to", work("x.pdf")], in: work)
    #expect(outcome.status == 1)
    #expect(outcome.talk.contains("--format html"))
    #expect(!FileManager.default.fileExists(atPath: work("x.pdf")))
  }

  @Test func `for a client are pages`() throws {
    #expect(try report("x.csv", "--for", "client").status == 64)
  }
}
