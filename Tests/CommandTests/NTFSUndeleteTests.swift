// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// Image 7 of the Digital Forensics Tool Testing collection, "NTFS Undelete", made by Windows XP: eight
/// deleted files and a stream. It is not part of the project: RENFLOU_IMAGES names the folder that has it.
@Suite struct `the DFTT image 7` {
  struct Truth: Decodable {
    struct Stream: Decodable {
      let name: String
      let sha256: String
    }
    struct File: Decodable {
      let path: String
      let sha256: String
      let ads: [Stream]?
    }
    let files: [File]
  }

  private static let folder: String? = {
    let images = ProcessInfo.processInfo.environment["RENFLOU_IMAGES"]
    guard let folder = images.map({ "\($0)/dftt-7-undel-ntfs" }),
      FileManager.default.fileExists(atPath: folder + "/image.dd.xz")
    else { return nil }
    return folder
  }()

  @Test(.enabled(if: folder != nil, "RENFLOU_IMAGES names no folder with dftt-7-undel-ntfs"))
  func `gives all files with their paths`() throws {
    let folder = try #require(Self.folder)
    let xz = try #require(Command.tool("xz"), "xz is missing")
    let work = try Workspace()
    let unpacked = try Command.run(
      program: "/bin/sh",
      ["-c", "\(xz) -dc \"$0\" > \"$1\"", folder + "/image.dd.xz", work("image")],
      in: work)
    try #require(unpacked.status == 0, "\(unpacked.talk)")
    let outcome = try Command.run(
      "recover", work("image"), "--to", work("out"), "--all", "--progress", "none", in: work)
    #expect(outcome.status == 0, "\(outcome.talk)")
    let report = try JSONDecoder().decode(
      `test images`.Report.self, from: work.bytes("out/report.json"))
    let truth = try JSONDecoder().decode(
      Truth.self, from: Data(contentsOf: URL(filePath: folder + "/truth.json")))
    #expect(truth.files.count == 8)
    for file in truth.files {
      let wanted =
        [(file.path, file.sha256)] + (file.ads ?? []).map { ("\(file.path):\($0.name)", $0.sha256) }
      for (path, digest) in wanted {
        let found = report.files.first { $0.path.hasSuffix("/" + path) }
        #expect(found?.written?.sha256 == digest, "\(path)")
        #expect(found?.verdict != "verified")
      }
    }
  }
}
