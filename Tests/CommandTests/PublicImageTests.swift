// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Images that others published to test such tools with. They are not part of the sources: RENFLOU_IMAGES names a
/// folder with one folder for each, that holds the packed image and a list of its files.
@Suite struct `published images` {
  private static let folder = ProcessInfo.processInfo.environment["RENFLOU_IMAGES"]
  private static let tool = Command.tool("xz")

  private struct Truth: Decodable {
    struct File: Decodable {
      let path: String
      let sha256: String
    }
    let files: [File]
  }

  private struct Report: Decodable {
    struct File: Decodable {
      struct Written: Decodable { let sha256: String }
      let path: String
      let verdict: String
      let written: Written?
    }
    let files: [File]
  }

  /// - Source: Brian Carrier, *Digital Forensics Tool Testing Images*, 6 "FAT Undelete Test #1", 2004.
  @Test(
    .enabled(if: folder != nil, "RENFLOU_IMAGES names no folder of images"),
    .enabled(if: tool != nil, "xz is missing"))
  func `DFTT 6 gives all six deleted files byte by byte`() throws {
    let source = try #require(Self.folder) + "/dftt-6-undel-fat"
    let work = try Workspace()
    let process = Process()
    process.executableURL = URL(filePath: try #require(Self.tool))
    process.arguments = ["-dc", source + "/image.dd.xz"]
    _ = FileManager.default.createFile(atPath: work("image"), contents: nil)
    process.standardOutput = FileHandle(forWritingAtPath: work("image"))
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    let outcome = try Command.run(
      "recover", work("image"), "--to", work("out"), "--all", "--progress", "none", in: work)
    #expect([0, 2].contains(outcome.status), "\(outcome.talk)")
    let report = try JSONDecoder().decode(Report.self, from: work.bytes("out/report.json"))
    let truth = try JSONDecoder().decode(
      Truth.self, from: Data(contentsOf: URL(filePath: source + "/truth.json")))
    #expect(truth.files.count == 6)
    for file in truth.files {
      // The first letter of a short name may be lost.
      let found = report.files.first {
        $0.written?.sha256 == file.sha256 && $0.path.dropFirst().hasSuffix(file.path.dropFirst())
      }
      #expect(found != nil, "\(file.path)")
    }
    let hashes = Set(truth.files.map(\.sha256))
    for file in report.files where file.verdict == "verified" {
      #expect(hashes.contains(file.written?.sha256 ?? ""), "\(file.path)")
    }
  }
}
