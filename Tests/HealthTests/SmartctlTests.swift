// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Health

/// A program that takes smartctl's place.
final class FakeSmartctl: Sendable {
  let folder: String

  /// - Parameter script: what the shell does; the document goes where `DOCUMENT` stands.
  init(_ script: String, document: String = "") throws {
    folder = FileManager.default.temporaryDirectory.path + "/renflou-smartctl-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    try document.write(toFile: folder + "/document", atomically: false, encoding: .utf8)
    let text = script.replacing("DOCUMENT", with: "cat '\(folder)/document'")
    try "#!/bin/sh\n\(text)\n".write(
      toFile: folder + "/smartctl", atomically: false, encoding: .utf8)
    chmod(folder + "/smartctl", 0o755)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var smartctl: Smartctl { Smartctl(path: folder + "/smartctl") }
}

@Suite struct `the program smartctl` {
  @Test func `is found in the search path before the system's folders`() throws {
    let fake = try FakeSmartctl("exit 0")
    #expect(
      Smartctl.find(searchPath: "/nowhere:relative::\(fake.folder):/usr/bin")?.path
        == fake.folder + "/smartctl")
  }

  @Test func `its report is read, whatever it exits with`() throws {
    let fake = try FakeSmartctl("DOCUMENT; exit 64", document: Recorded.pending)
    let answer = fake.smartctl.ask("/dev/sda", limit: 20)
    #expect(answer.report?.ata?.pending == 8)
  }

  @Test func `is never told to start a self test`() throws {
    let fake = try FakeSmartctl(
      #"echo "$@" >>"${0%/*}/asked"; DOCUMENT"#, document: Recorded.bridge)
    #expect(fake.smartctl.ask("/dev/sdb", limit: 20) == .unknownBridge)
    #expect(fake.smartctl.ask("/dev/sdb", .brief, limit: 20) == .unknownBridge)
    let asked = try String(contentsOfFile: fake.folder + "/asked", encoding: .utf8)
    #expect(
      asked.split(separator: "\n") == [
        "--json=c -x /dev/sdb", "--json=c -d sat -x /dev/sdb",
        "--json=c -i -H -A /dev/sdb", "--json=c -d sat -i -H -A /dev/sdb",
      ])
  }

  @Test func `a bridge that it does not know may still understand sat`() throws {
    let fake = try FakeSmartctl(
      """
      case "$*" in *"-d sat"*) DOCUMENT;; *) echo '\(Recorded.bridge)'; exit 1;; esac
      """, document: Recorded.pending)
    #expect(fake.smartctl.ask("/dev/sdb", limit: 20).report?.ata?.pending == 8)
  }

  @Test(arguments: ["exec sleep 60", "sleep 60", "exec >/dev/null; exec sleep 60"])
  func `one that hangs is killed and told`(script: String) throws {
    let fake = try FakeSmartctl(script)
    let start = Date()
    let answer = fake.smartctl.ask("/dev/sda", limit: 0.5)
    #expect(answer == .tooSlow(seconds: 0.5))
    #expect(Date().timeIntervalSince(start) < 10)
  }

  @Test(arguments: ["yes", "exit 127", "echo no JSON", "printf '{\"smartctl\":'"])
  func `garbage is no report`(script: String) throws {
    #expect(try FakeSmartctl(script).smartctl.ask("/dev/sda", limit: 20) == .unusable)
  }

  @Test func `one that cannot be started is told`() {
    #expect(Smartctl(path: "/nowhere/smartctl").ask("/dev/sda", limit: 5) == .unusable)
  }

  @Test func `a disk that hangs holds up no other`() throws {
    let fake = try FakeSmartctl(
      """
      case "$*" in *sdh*) exec sleep 60;; *) DOCUMENT;; esac
      """, document: Recorded.healthy)
    let answers = fake.smartctl.askAll(["/dev/sdh", "/dev/sda", "/dev/sdh"], limit: 2)
    #expect(answers[0] == .tooSlow(seconds: 2) && answers[2] == .tooSlow(seconds: 2))
    #expect(answers[1].report?.passed == true)
  }
}
