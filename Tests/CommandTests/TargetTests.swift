// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Whether a small file system in memory can be had, by the user's own namespace.
private let canMount: Bool = {
  guard let unshare = Command.tool("unshare"), let work = try? Workspace() else { return false }
  let outcome = try? Command.run(
    program: unshare, ["-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "none", work.path], in: work)
  return outcome?.status == 0
}()

@Suite struct `targets` {
  /// Runs a script where a tmpfs of some size is mounted on `full`.
  private func script(_ lines: String, kilobytes: Int, in work: Workspace) throws -> String {
    try FileManager.default.createDirectory(
      atPath: work("full"), withIntermediateDirectories: true)
    let outcome = try Command.run(
      program: #require(Command.tool("unshare")),
      [
        "-rm", "sh", "-c",
        "mount -t tmpfs -o size=\(kilobytes)k none \(work("full")) || exit 99\n\(lines)",
      ], in: work)
    try #require(outcome.status == 0, "\(outcome.talk)")
    return outcome.output
  }

  @Test(.enabled(if: canMount, "needs a mount namespace"))
  func `a full one: exit 74, and the same command goes on when there is room`() throws {
    let work = try Workspace()
    // All its files and the case take 844 KiB.
    let image = try TestImage(name: "fat32-linux").unpack(into: work)
    let run = "'\(Command.path)' recover '\(image)' --all --progress none --to"
    let whole = try Command.run(
      "recover", image, "--all", "--progress", "none", "--to", work("whole"), in: work)
    #expect([0, 2].contains(whole.status))
    let output = try script(
      """
      \(run) \(work("full"))/out >/dev/null 2>\(work("first")); echo first $?
      mount -o remount,size=100m \(work("full"))
      \(run) \(work("full"))/out >/dev/null 2>\(work("second")); echo second $?
      cp \(work("full"))/out/manifest-sha256.txt \(work("manifest"))
      """, kilobytes: 500, in: work)
    #expect(output.contains("first 74\n"), "\(output)")
    #expect(output.contains("second \(whole.status)\n"), "\(output)")
    #expect(try work.bytes("first").count > 40)
    #expect(try work.bytes("manifest") == work.bytes("whole/manifest-sha256.txt"))
  }

  @Test func `names from the disk never leave it`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "hostile").unpack(into: work)
    let outcome = try Command.run(
      "recover", image, "--all", "--progress", "none", "--to", work("a/b/out"), in: work)
    #expect([0, 2].contains(outcome.status))
    let files = work.files(below: "a/b/out/files")
    #expect(files.contains { $0.hasSuffix("..%2F..%2Fetc%2Fx") })
    #expect(files.contains { $0.hasSuffix("a%0Ab.txt") })
    #expect(files.contains { $0.split(separator: "/").count > 64 })
    #expect(files.contains { $0.contains(String(repeating: "日", count: 80)) })
    let outside = work.files(below: "a").filter { !$0.hasPrefix("b/out/") }
    #expect(outside.isEmpty)
    #expect(
      Set(work.files(below: "a/b/out").compactMap { $0.split(separator: "/").first }) == [
        "files", "case", "report.html", "report.json", "manifest-sha256.txt",
      ])
  }
}
