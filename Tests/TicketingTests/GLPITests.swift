// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Ticketing
import Transfer

/// Exports to a GLPI that behaves as documented, with and without trouble.
@Suite struct `an export to GLPI` {
  /// A case's folder of a test's own.
  private final class Folder {
    let path = FileManager.default.temporaryDirectory.path + "/renflou-ticket-" + UUID().uuidString
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// All that stands in files here, by path.
    var texts: [String: String] {
      let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
      return Dictionary(
        names.compactMap { name in
          (try? Data(contentsOf: URL(filePath: path + "/" + name)))
            .map { (name, String(decoding: $0, as: UTF8.self)) }
        }, uniquingKeysWith: { $1 })
    }
  }

  private let secrets = Secrets(
    tool: "glpi",
    ["RENFLOU_GLPI_USER_TOKEN": "user-secret", "RENFLOU_GLPI_APP_TOKEN": "app-secret"])

  private func record(_ text: String = "Diagnostic : été") -> TicketRecord {
    var record = TicketRecord(
      ticket: "4312", title: "Récupération", text: [text], work: "copie", seconds: 5_400,
      solution: "rendu", marker: "renflou-0abc1x")
    record.documents = [TicketRecord.Document(name: "rapport.pdf")]
    return record
  }

  private func queue(_ record: TicketRecord, _ url: String, in folder: Folder) throws -> Outbox {
    let outbox = Outbox(in: folder.path)
    let entry = OutboxEntry(tool: "glpi", url: url, record: record, created: 1)
    _ = try outbox.add(entry, documents: [Array("%PDF-1.7 contents".utf8)])
    return outbox
  }

  /// Sends what waits; the error that the export ends in.
  private func send(_ outbox: Outbox, secrets: Secrets? = nil) throws -> TicketError? {
    var client = HTTPClient(agent: "test")
    client.patience = 20
    let sender = client
    for entry in try outbox.waiting() {
      var sending = TicketSending(
        entry, by: GLPI(url: entry.url), from: outbox, secrets: secrets ?? self.secrets
      ) { (request) throws(HTTPFailure) in try sender.perform(request) }
      do {
        _ = try sending.run()
      } catch let error as TicketError {
        return error
      }
    }
    return nil
  }

  private let order = [
    "GET /initSession", "GET /Ticket/4312", "POST /ITILFollowup", "POST /TicketTask",
    "POST /Document", "POST /Document_Item", "POST /ITILSolution", "GET /killSession",
  ]

  private func expectEachOnce(_ glpi: FakeGLPI) {
    for type in ["ITILFollowup", "TicketTask", "Document", "Document_Item", "ITILSolution"] {
      #expect(glpi.count(type) == 1, "\(type)")
    }
  }

  @Test func `makes exactly the calls that the documentation asks for, in order`() throws {
    let (folder, glpi) = (try Folder(), FakeGLPI())
    let outbox = try queue(record(), glpi.server.url, in: folder)
    #expect(try send(outbox) == nil)
    #expect(glpi.lines == order)
    glpi.state.value.withLock { state in
      let followup = state.items["ITILFollowup"]?.first?.input
      #expect(followup?["itemtype"]?.word == "Ticket")
      #expect(followup?["items_id"] == .integer(4312))
      #expect(followup?["is_private"] == .integer(0))
      let task = state.items["TicketTask"]?.first?.input
      #expect(task?["actiontime"] == .integer(5_400))
      #expect(task?["state"] == .integer(2))
      let link = state.items["Document_Item"]?.first?.input
      #expect(link?["documents_id"]?.word == state.documents.first.map { String($0.id) })
      let form = state.uploads.first?.text ?? ""
      #expect(form.contains(#""_filename":["rapport.pdf"]"#))
      #expect(form.contains("Content-Type: application/json"))
      #expect(form.contains("%PDF-1.7 contents"))
    }
    #expect(try outbox.waiting().isEmpty)
    #expect(try outbox.done().count == 1)
    #expect(try send(outbox) == nil)
    #expect(glpi.lines == order)
  }

  @Test func `opens a session anew, once, where the first one ended`() throws {
    let over = FakeServer.Reply.answer(401, #"["ERROR_SESSION_TOKEN_INVALID","over"]"#)
    let (folder, glpi) = (try Folder(), FakeGLPI([.init(line: "POST /TicketTask", reply: over)]))
    let outbox = try queue(record(), glpi.server.url, in: folder)
    #expect(try send(outbox) == nil)
    #expect(glpi.lines.filter { $0 == "GET /initSession" }.count == 2)
    expectEachOnce(glpi)
    let (other, twice) = (
      try Folder(),
      FakeGLPI([
        .init(line: "POST /TicketTask", reply: over), .init(line: "POST /TicketTask", reply: over),
      ])
    )
    let error = try send(queue(record(), twice.server.url, in: other))
    #expect(error?.reason == .notKnown(code: "ERROR_SESSION_TOKEN_INVALID", words: "over"))
  }

  private static let troubles: [(line: String, reply: FakeServer.Reply, isExpected: Bool)] =
    [
      "POST /ITILFollowup", "POST /TicketTask", "POST /Document", "POST /Document_Item",
      "POST /ITILSolution",
    ].flatMap { line in
      [
        (line, .answer(403, #"["ERROR_RIGHT_MISSING","no right"]"#), false),
        (line, .answer(413, ""), false),
        (line, .answer(400, #"["ERROR_UPLOAD_FILE_TOO_BIG_POST_MAX_SIZE","too big"]"#), false),
        (line, .answer(500, "oops"), false), (line, .answer(500, "oops"), true),
        (line, .cut, false), (line, .cut, true),
      ] as [(String, FakeServer.Reply, Bool)]
    }

  @Test(arguments: troubles.indices) func `waits after any trouble, and sends nothing twice`(
    _ index: Int
  ) throws {
    let trouble = Self.troubles[index]
    let (folder, glpi) = (
      try Folder(),
      FakeGLPI([
        .init(line: trouble.line, reply: trouble.reply, takesEffect: trouble.isExpected)
      ])
    )
    let outbox = try queue(record(), glpi.server.url, in: folder)
    let error = try #require(try send(outbox))
    switch (trouble.reply, error.reason) {
    case (.answer(403, _), .forbidden("ERROR_RIGHT_MISSING", "no right")): break
    case (.answer(413, _), .tooLarge), (.answer(400, _), .tooLarge): break
    case (.answer(500, _), .broken), (.cut, .answerLost): break
    default: Issue.record("\(trouble): \(error)")
    }
    let waiting = try outbox.waiting()
    #expect(waiting.count == 1)
    #expect(waiting.first?.error == error)
    #expect(try send(outbox) == nil)
    expectEachOnce(glpi)
    #expect(try outbox.waiting().isEmpty)
  }

  @Test func `waits where no server is, and goes on later`() throws {
    let folder = try Folder()
    let outbox = try queue(record(), "http://127.0.0.1:1", in: folder)
    guard case .notReached = try send(outbox)?.reason else {
      Issue.record("reached")
      return
    }
    let glpi = FakeGLPI()
    var entry = try #require(try outbox.waiting().first)
    #expect(entry.pending == nil)
    entry.url = glpi.server.url
    try outbox.save(entry)
    #expect(try send(outbox) == nil)
    expectEachOnce(glpi)
  }

  @Test func `keeps secrets out of the outbox, the errors and a dry run`() throws {
    let echo = FakeServer.Reply.answer(403, #"["ERROR","you sent user-secret and app-secret"]"#)
    let (folder, glpi) = (try Folder(), FakeGLPI([.init(line: "POST /TicketTask", reply: echo)]))
    let outbox = try queue(record(), glpi.server.url, in: folder)
    let error = try send(outbox)
    #expect(error != nil)
    var texts = folder.texts.map { "\($0)" } + ["\(String(describing: error))"]
    texts += try CallText(record(), by: GLPI(url: "http://x"), secrets: secrets).lines()
    for text in texts {
      for secret in ["user-secret", "app-secret", "session-0"] { #expect(!text.contains(secret)) }
    }
    #expect(texts.contains { $0.contains("POST http://x/apirest.php/ITILFollowup") })
  }

  @Test func `escapes names that mean something in HTML`() throws {
    let hostile = "<script>alert(1)</script> & \"x\" \u{202E}gpj.exe \u{1B}[31m"
    let (folder, glpi) = (try Folder(), FakeGLPI())
    #expect(try send(queue(record(hostile), glpi.server.url, in: folder)) == nil)
    let content = glpi.state.value.withLock {
      $0.items["ITILFollowup"]?.first?.input["content"]?.word ?? ""
    }
    #expect(content.contains("&lt;script&gt;") && content.contains("&amp;"))
    for bad in ["<script", "\u{202E}", "\u{1B}"] { #expect(!content.contains(bad)) }
  }

  @Test func `a ticket that is not there, and a copy that was changed, are told`() throws {
    let (folder, glpi) = (try Folder(), FakeGLPI())
    var other = record()
    other.ticket = "9"
    #expect(try send(queue(other, glpi.server.url, in: folder))?.reason == .noTicket("9"))
    #expect(glpi.count("ITILFollowup") == 0)
    let second = try Folder()
    let outbox = try queue(record(), glpi.server.url, in: second)
    try Data("other".utf8).write(
      to: URL(filePath: second.path + "/outbox/renflou-0abc1x/1"))
    #expect(try send(outbox)?.reason == .documentChanged("rapport.pdf"))
    #expect(glpi.count("Document") == 0)
  }
}
