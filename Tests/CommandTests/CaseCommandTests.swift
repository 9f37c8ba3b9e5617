// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import renflou

@Suite struct `case` {
  /// A case with an image that was made for it from `disk`.
  private func imaged() throws -> Workspace {
    let folder = try Workspace()
    try Data((0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
      .write(to: URL(filePath: folder("disk")))
    #expect(try Command.run("case", "new", folder("c"), in: folder).status == 0)
    let made = try Command.run(
      "image", folder("disk"), folder("copy"), "--case", folder("c"), in: folder)
    #expect(made.status == 0)
    return folder
  }

  @Test func `the log says who imaged what, and that the source was only read`() throws {
    let folder = try imaged()
    let log = try Command.run("case", "log", folder("c"), in: folder).output
    #expect(log.contains("renflou image"))
    #expect(log.contains("open O_RDONLY (kernel flags 0"))
    #expect(log.contains("user \(NSUserName())"))
    #expect(try Command.run("verify", "--log", folder("c"), in: folder).status == 0)
  }

  @Test(.enabled(if: Command.tool("ssh-keygen") != nil))
  func `a signature says whose it is, and tells when the log was written anew`() throws {
    let folder = try imaged()
    let keygen = try #require(Command.tool("ssh-keygen"))
    let made = try Command.run(
      program: keygen, ["-q", "-t", "ed25519", "-N", "", "-f", folder("key")], in: folder)
    #expect(made.status == 0)
    let signed = try Command.run("case", "sign", folder("c"), "--key", folder("key"), in: folder)
    #expect(signed.status == 0, "\(signed.talk)")
    let fingerprint = try Command.run(program: keygen, ["-l", "-f", folder("key.pub")], in: folder)
    let mark = try #require(fingerprint.output.split(separator: " ").dropFirst().first)
    let checked = try Command.run("verify", "--log", folder("c"), in: folder)
    #expect(checked.status == 0)
    #expect(checked.output.contains(mark))
    let name = try #require(folder.files(below: "c/signatures").first)
    let statement = "c/signatures/" + name
    try Data(folder.bytes(statement).dropLast(2) + Data("g\n".utf8))
      .write(to: URL(filePath: folder(statement)))
    #expect(try Command.run("verify", "--log", folder("c"), in: folder).status == 2)
  }

  @Test func `what is not the case's own is not erased`() throws {
    let folder = try imaged()
    let link = folder("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: folder("copy"))
    for path in [folder("disk"), link, "/dev/null", folder("nothing")] {
      let run = try Command.run("case", "close", folder("c"), "--erase", path, in: folder)
      #expect(run.status == 4, "\(path): \(run.talk)")
    }
    #expect(try folder.bytes("disk").count == 40_000)
    #expect(try folder.bytes("copy") == folder.bytes("disk"))
  }

  @Test func `an image and the case go, and the certificate says how`() throws {
    let folder = try imaged()
    try Data("signed".utf8).write(to: URL(filePath: folder("form")))
    _ = try Command.run("case", "attach", folder("c"), folder("form"), in: folder)
    let arguments = [
      "case", "close", folder("c"), "--erase", folder("copy"), "--erase", folder("c"),
    ]
    let plan = try Command.run(program: Command.path, arguments + ["--dry-run"], in: folder)
    #expect(plan.output.contains(folder("copy")))
    #expect(try folder.bytes("copy").count == 40_000)
    let run = try Command.run(
      program: Command.path, arguments + ["--certificate", folder("paper.html")], in: folder)
    #expect(run.status == 0, "\(run.talk)")
    #expect(
      folder.files(below: "") == [
        "copy.map", "copy.map.journal", "copy.map.log", "disk", "form", "paper.html",
      ])
    #expect(try String(decoding: folder.bytes("paper.html"), as: UTF8.self).contains("800-88"))
  }

  @Test func `hostile words are shown escaped`() throws {
    let folder = try Workspace()
    let words = "\u{1B}[31m\u{202E}<b>" + String(repeating: "x", count: 10_000)
    _ = try Command.run("case", "new", folder("c"), "--customer", words, in: folder)
    _ = try Command.run("case", "wish", folder("c"), words, in: folder)
    _ = try Command.run("case", "note", folder("c"), words, in: folder)
    for command in ["show", "log"] {
      let shown = try Command.run("case", command, folder("c"), in: folder)
      #expect(shown.status == 0)
      #expect(shown.output.contains("\\u{1B}[31m\\u{202E}<b>x"))
      #expect(!shown.output.unicodeScalars.contains { [0x1B, 0x202E].contains($0.value) })
    }
  }

  @Test func `secrets do not reach the log`() {
    let words = CommandWords([
      "/usr/bin/renflou", "export", "--token", "abc", "--password=def", "https://me:ghi@host/x",
      "it's",
    ])
    #expect(
      words.text
        == #"renflou export --token *** --password=*** 'https://***@host/x' 'it'\''s'"#)
  }

  @Test(arguments: [("20m", 1200), ("1h30", 5400), ("90s", 90), ("30d", 2_592_000), ("5", 300)])
  func `time is written in many ways`(text: String, seconds: Int64) {
    #expect(DurationArgument(argument: text)?.seconds == seconds)
  }

  @Test(arguments: ["", "m", "-5m", "99999999999999999999d", "0", "1x"])
  func `what is no time is refused`(text: String) {
    #expect(DurationArgument(argument: text) == nil)
  }
}
