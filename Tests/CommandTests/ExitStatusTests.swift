// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The exit codes that scripts rely on, each with words that help.
@Suite struct `exit codes` {
  private func status(_ arguments: String..., in work: Workspace) throws -> Int32 {
    let outcome = try Command.run(program: Command.path, arguments, in: work)
    if outcome.status != 0 { #expect(!outcome.talk.isEmpty) }
    return outcome.status
  }

  @Test func `66: a source that is not there`() throws {
    let work = try Workspace()
    #expect(try status("recover", work("nothing"), "--to", work("out"), in: work) == 66)
    #expect(!FileManager.default.fileExists(atPath: work("out/files")))
  }

  @Test func `what went wrong is said in the language asked for`() throws {
    let work = try Workspace()
    for (language, words) in [("en", "there is no such source"), ("fr", "n'existe pas")] {
      let outcome = try Command.run(
        "scan", work("nothing"), "--case", work("case"), "--lang", language, in: work)
      #expect(outcome.talk.contains(words), "\(outcome.talk)")
      #expect(outcome.talk.contains(work("nothing")) && outcome.talk.contains("→"))
    }
  }

  @Test func `66: a folder that is no case`() throws {
    let work = try Workspace()
    #expect(try status("scan", work.path, "--case", work("case"), in: work) == 66)
    #expect(try status("ls", work.path, in: work) == 66)
  }

  @Test func `66: a socket`() throws {
    let work = try Workspace()
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = work("s").utf8CString
    withUnsafeMutableBytes(of: &address.sun_path) { path in
      name.withUnsafeBytes { path.copyMemory(from: $0) }
    }
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    try #require(bound == 0)
    #expect(try status("scan", work("s"), "--case", work("case"), in: work) == 66)
  }

  @Test func `66: an image of no bytes`() throws {
    let work = try Workspace()
    try Data().write(to: URL(filePath: work("empty")))
    #expect(try status("scan", work("empty"), "--case", work("case"), in: work) == 66)
  }

  @Test(.enabled(if: geteuid() != 0 || Command.tool("setpriv") != nil))
  func `77: no rights`() throws {
    let work = try Workspace()
    try Data(count: 4096).write(to: URL(filePath: work("image")))
    chmod(work("image"), 0)
    let run = [Command.path, "scan", work("image"), "--case", work("case")]
    let setpriv = ["--reuid=65534", "--regid=65534", "--clear-groups"]
    // The checkout itself may be out of the other user's reach.
    let copy = work("renflou")
    try FileManager.default.copyItem(atPath: Command.path, toPath: copy)
    chmod(work.path, 0o755)
    let outcome =
      geteuid() == 0
      ? try Command.run(
        program: #require(Command.tool("setpriv")), setpriv + [copy] + run.dropFirst(), in: work)
      : try Command.run(program: copy, Array(run.dropFirst()), in: work)
    #expect(outcome.status == 77, "\(outcome.talk)")
  }

  @Test func `64: a command line that makes no sense`() throws {
    let work = try Workspace()
    #expect(try status("recover", in: work) == 64)
    #expect(try status("ls", work.path, "--verdict", "perfect", in: work) == 64)
    #expect(try status("scan", "x", "--case", "y", "--workers", "many", in: work) == 64)
  }

  @Test func `4: a target that is the source itself`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "fat12").unpack(into: work)
    let before = try work.bytes("image")
    #expect(
      try [4, 73].contains(status("recover", image, "--to", image, in: work)))
    #expect(try work.bytes("image") == before)
  }

  @Test func `3: nothing found`() throws {
    let work = try Workspace()
    try Data(count: 1 << 20).write(to: URL(filePath: work("zeros")))
    #expect(try status("recover", work("zeros"), "--to", work("out"), in: work) == 3)
  }

  @Test func `2: files are damaged`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "hostile").unpack(into: work)
    #expect(try status("recover", image, "--to", work("out"), "--all", in: work) == 2)
  }

  @Test func `73: what stands in the target is not overwritten`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "fat12").unpack(into: work)
    try FileManager.default.createDirectory(
      atPath: work("out"), withIntermediateDirectories: false)
    try Data("mine".utf8).write(to: URL(filePath: work("out/report.html")))
    #expect(try status("recover", image, "--to", work("out"), in: work) == 73)
    #expect(try work.bytes("out/report.html") == Data("mine".utf8))
    #expect(try status("scan", image, "--case", work("case"), in: work) == 0)
    try Data("mine".utf8).write(to: URL(filePath: work("notes.html")))
    #expect(
      try status("report", work("case"), "--to", work("notes.html"), in: work) == 73)
    #expect(try work.bytes("notes.html") == Data("mine".utf8))
  }
}
