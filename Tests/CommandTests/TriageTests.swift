// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `renflou triage`, with a program in smartctl's place.
@Suite struct `triage of a disk` {
  /// What scripts read of the document.
  struct Document: Decodable {
    struct Reason: Decodable {
      let name: String
      let course: String
      let text: String
    }
    struct Read: Decodable {
      let place: String
      let outcome: String
    }
    struct SMART: Decodable { let pending: UInt64? }
    let schema: String
    let course: String
    let reasons: [Reason]
    let next: [String]
    let smart: SMART?
    let samples: [Read]
    let isReadOnly: Bool?
  }

  private func image(_ work: Workspace) throws -> String {
    try TestImage(name: "fat12").unpack(into: work)
  }

  /// Puts a shell script where the command looks for smartctl first.
  private func install(_ script: String, in work: Workspace) throws {
    try FileManager.default.createDirectory(
      atPath: work("bin"), withIntermediateDirectories: true)
    try "#!/bin/sh\n\(script)\n".write(
      toFile: work("bin/smartctl"), atomically: false, encoding: .utf8)
    chmod(work("bin/smartctl"), 0o755)
  }

  private func run(
    _ arguments: String..., in work: Workspace, limit: Double = 60
  ) throws -> Command.Outcome {
    let path = "PATH=" + work("bin") + ":/usr/bin:/bin"
    return try Command.run(
      program: "/usr/bin/env", [path, Command.path] + arguments, in: work, limit: limit)
  }

  private func report(status: Int = 0, pending: Int, passed: Bool = true) -> String {
    """
    echo '{"smartctl":{"exit_status":\(status)},"model_name":"PLOUGH","serial_number":"Z1",
    "smart_status":{"passed":\(passed)},"temperature":{"current":30},
    "ata_smart_attributes":{"table":[{"id":197,"raw":{"value":\(pending),"string":"\(pending)"}}]}}'
    """
  }

  @Test func `an image file has no health, and is read`() throws {
    let work = try Workspace()
    let outcome = try run("triage", image(work), "--json", in: work)
    #expect(outcome.status == 0, "\(outcome.talk)")
    let document = try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
    #expect(document.schema == "renflou-triage-1")
    #expect(document.course == "go" && document.smart == nil && document.isReadOnly == nil)
    #expect(document.reasons.map(\.name) == ["health-unknown"])
    #expect(!document.samples.isEmpty && document.samples.allSatisfy { $0.outcome == "read" })
  }

  @Test(arguments: [("en", "not a device", "Next:"), ("fr", "pas un périphérique", "Ensuite :")])
  func `it speaks both languages`(language: String, words: String, next: String) throws {
    let work = try Workspace()
    let outcome = try run("triage", image(work), "--lang", language, in: work)
    #expect(outcome.output.contains(words) && outcome.output.contains(next), "\(outcome.output)")
    #expect(outcome.output.contains("FAT12"))
  }

  @Test func `what it advised is noted in a case`() throws {
    let work = try Workspace()
    #expect(try run("case", "new", work("case"), in: work).status == 0)
    #expect(try run("triage", image(work), "--case", work("case"), in: work).status == 0)
    let log = try run("case", "log", work("case"), in: work).output
    #expect(log.contains("GO: nothing speaks against it") && log.contains("FAT12"), "\(log)")
    let annex = try run("report", work("case"), "--to", "-", "--format", "text", in: work).output
    #expect(annex.contains("Health") && annex.contains("GO: nothing"), "\(annex)")
  }

  @Test func `66: nothing is there`() throws {
    let work = try Workspace()
    #expect(try run("triage", work("nothing"), in: work).status == 66)
  }

  @Test func `64: an image file cannot be set read-only`() throws {
    let work = try Workspace()
    let outcome = try run("triage", image(work), "--set-read-only", in: work)
    #expect(outcome.status == 64 && outcome.talk.contains("chmod"))
  }

  @Test func `disks are listed without smartctl's help when asked so`() throws {
    let work = try Workspace()
    try install("touch \(work("asked"))", in: work)
    let outcome = try run("devices", "--no-health", in: work)
    #expect([0, 3].contains(outcome.status))
    #expect(!FileManager.default.fileExists(atPath: work("asked")))
  }

  @Test(.timeLimit(.minutes(1)))
  func `a smartctl that hangs does not hold up the list`() throws {
    let work = try Workspace()
    try install("exec sleep 300", in: work)
    let start = Date()
    let outcome = try run("devices", in: work)
    #expect([0, 3].contains(outcome.status))
    #expect(Date().timeIntervalSince(start) < 20)
  }

  // MARK: On a block device

  static let canLoop =
    geteuid() == 0 && Command.tool("losetup") != nil && Command.tool("blockdev") != nil
    && FileManager.default.fileExists(atPath: "/dev/loop-control")

  @Test(.enabled(if: canLoop))
  func `go, go gently and stop are exit codes`() throws {
    let work = try Workspace()
    let loop = try Loop(over: image(work), in: work)
    for (script, status, course) in [
      (report(pending: 0), 0, "go"), (report(pending: 8), 2, "go-gently"),
      (report(status: 8, pending: 8, passed: false), 4, "stop"),
    ] as [(String, Int32, String)] {
      try install(script, in: work)
      let outcome = try run("triage", loop.path, "--json", in: work)
      let document = try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
      #expect(outcome.status == status && document.course == course, "\(outcome.output)")
      // A disk that should be stopped is not read.
      #expect(document.samples.isEmpty == (status == 4))
      #expect(!document.next.isEmpty)
    }
  }

  @Test(.enabled(if: canLoop))
  func `a reason has its number, in both languages`() throws {
    let work = try Workspace()
    let loop = try Loop(over: image(work), in: work)
    try install(report(pending: 8), in: work)
    let english = try run("triage", loop.path, in: work).output
    #expect(english.contains("GO GENTLY") && english.contains("8 sectors did not read"))
    #expect(english.contains("blockdev --setro \(loop.path)"))
    let french = try run("triage", loop.path, "--lang", "fr", in: work).output
    #expect(french.contains("DOUCEMENT") && french.contains("8 secteurs illisibles en attente"))
  }

  @Test(.enabled(if: canLoop))
  func `garbage from smartctl is no health, and no failure`() throws {
    let work = try Workspace()
    let loop = try Loop(over: image(work), in: work)
    try install("echo '{\"smartctl\":'", in: work)
    let outcome = try run("triage", loop.path, in: work)
    #expect(outcome.status == 0 && outcome.output.contains("no usable answer"))
  }

  @Test(.enabled(if: canLoop))
  func `the kernel refuses writes only when asked to`() throws {
    let work = try Workspace()
    let loop = try Loop(over: image(work), in: work)
    try install(report(pending: 0), in: work)
    func isReadOnly(_ arguments: String...) throws -> Bool? {
      let outcome = try Command.run(
        program: Command.path, ["triage", loop.path, "--json"] + arguments, in: work)
      return try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8)).isReadOnly
    }
    #expect(try isReadOnly() == false)
    #expect(try isReadOnly("--set-read-only") == true)
    #expect(try isReadOnly() == true)
    let descriptor = open(loop.path, O_WRONLY)
    defer { close(descriptor) }
    #expect(pwrite(descriptor, [0xFF], 1, 0) < 0)
  }
}

/// A loop device over a file, let go with its owner.
private final class Loop {
  let path: String
  private let work: Workspace

  init(over file: String, in work: Workspace) throws {
    let losetup = try #require(Command.tool("losetup"))
    let made = try Command.run(program: losetup, ["--find", "--show", file], in: work)
    path = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
    self.work = work
    try #require(path.hasPrefix("/dev/loop"), "\(made.talk)")
  }

  deinit {
    // The flag would outlive the loop, and meet whoever is given the number next.
    _ = try? Command.run(program: Command.tool("blockdev") ?? "", ["--setrw", path], in: work)
    _ = try? Command.run(program: Command.tool("losetup") ?? "", ["--detach", path], in: work)
  }
}
