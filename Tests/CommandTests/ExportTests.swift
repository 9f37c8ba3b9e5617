// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Exports with no network: they wait in the case, and nothing of them is secret.
@Suite struct `an export without network` {
  private func recovered(in work: Workspace) throws -> String {
    _ = try Command.run(
      "recover", TestImage(name: "fat12").unpack(into: work), "--to", work("out"), "--progress",
      "none", in: work)
    return work("out/case")
  }

  private let target = ["--to", "glpi", "--url", "http://127.0.0.1:1", "--ticket", "12"]

  private func export(_ arguments: [String], in work: Workspace) throws -> Command.Outcome {
    try Command.run(program: Command.path, ["export"] + arguments, in: work)
  }

  @Test func `waits in the outbox until it is sent`() throws {
    let work = try Workspace()
    let record = try recovered(in: work)
    try Data("RENFLOU_GLPI_USER_TOKEN=very-secret\n".utf8).write(to: URL(filePath: work("secrets")))
    try Data("report".utf8).write(to: URL(filePath: work("report.txt")))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: work("secrets"))
    let open = try export([record] + target + ["--secrets", work("secrets")], in: work)
    #expect(open.status == 4, "\(open.talk)")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: work("secrets"))
    try FileManager.default.removeItem(atPath: record + "/outbox")
    let options = ["--secrets", work("secrets"), "--document", work("report.txt")]
    let dry = try export([record] + target + options + ["--dry-run"], in: work)
    #expect(dry.status == 0)
    #expect(dry.output.contains("POST http://127.0.0.1:1/apirest.php/Document\n"))
    #expect(!FileManager.default.fileExists(atPath: record + "/outbox"))
    let queued = try export([record] + target + options, in: work)
    #expect(queued.status == 2)
    #expect(queued.talk.contains("--send"))
    let again = try export(
      [record, "--send", "--secrets", work("secrets"), "--lang", "fr"], in: work)
    #expect(again.status == 2)
    #expect(again.talk.contains("aucun serveur"))
    let waiting = work.files(below: "out/case/outbox").filter { $0.hasSuffix(".json") }
    #expect(waiting.count == 1)
    for file in work.files(below: "out") {
      let bytes = try work.bytes("out/" + file)
      #expect(bytes.range(of: Data("very-secret".utf8)) == nil, "\(file)")
    }
    #expect(!(dry.output + queued.talk + again.talk).contains("very-secret"))
  }
}
