// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Delivery

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sha256sum")))
struct `a bag that is checked with what the system has` {
  private func run(_ program: String, _ arguments: [String], in folder: String) throws -> (
    status: Int32, output: String
  ) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }

  /// Names that would break a careless script.
  private static let files: [SampleDelivery.File] = [
    .init(folder: ["$(reboot)"], name: "`id` it's.txt", content: "1"),
    .init(folder: ["-rf"], name: " a : FAILED", content: "2"),
    .init(folder: ["100%0A"], name: "x\ny\\z: OK", content: "3"),
    .init(folder: ["é"], name: "-n", content: ""),
  ]

  @Test func `all is well, and sha256sum says so, too`() throws {
    let sample = try SampleDelivery(Self.files)
    _ = try sample.deliver()
    let bag = sample.folder + "/bag"
    let checked = try run("/bin/sh", [bag + "/verify.sh"], in: "/")
    #expect(checked.status == 0 && checked.output.contains("manifest-sha256.txt: 4 / 4"))
    #expect(
      try run("/usr/bin/sha256sum", ["-c", "--strict", "manifest-sha256.txt"], in: bag).status == 0)
    #expect(
      try run("/usr/bin/sha256sum", ["-c", "--strict", "tagmanifest-sha256.txt"], in: bag).status
        == 0)
    #expect(try run(bag + "/verify.command", [], in: "/").status == 0)
  }

  @Test func `what changed and what is missing is named`() throws {
    let sample = try SampleDelivery(Self.files)
    _ = try sample.deliver(.french)
    let data = sample.folder + "/bag/data/"
    try Data("4".utf8).write(to: URL(filePath: data + "$(reboot)/`id` it's.txt"))
    try FileManager.default.removeItem(atPath: data + "é/-n")
    let checked = try run("/bin/sh", [sample.folder + "/bag/verifier.sh"], in: "/")
    #expect(checked.status == 1)
    #expect(checked.output.contains("MODIFIÉ   data/$(reboot)/`id` it's.txt\n"))
    #expect(checked.output.contains("MANQUANT  data/é/-n\n"))
    #expect(checked.output.contains("manifest-sha256.txt\u{202F}: 2 / 4"))
  }

  @Test func `a list that was shortened is found`() throws {
    let sample = try SampleDelivery(Self.files)
    _ = try sample.deliver()
    let list = sample.folder + "/bag/manifest-sha256.txt"
    let lines = try sample.text("bag/manifest-sha256.txt").split(separator: "\n")
    try Data((lines.dropLast().joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: list))
    let checked = try run("/bin/sh", [sample.folder + "/bag/verify.sh"], in: "/")
    #expect(checked.status == 1 && checked.output.contains("CHANGED   manifest-sha256.txt"))
  }
}
