// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation
import Volumes

@testable import XFS

/// The image of TestImages; nil where gzip is missing.
func testImage() throws -> [UInt8]? {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  guard FileManager.default.isExecutableFile(atPath: "/usr/bin/gzip") else { return nil }
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/gzip")
  process.arguments = ["-dc", root.appending(path: "TestImages/xfs/image.gz").path]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return Array(data)
}

/// What a pass would meet in an image.
func landmarks(in bytes: [UInt8]) -> [Landmark] {
  stride(from: 0, to: bytes.count - 511, by: 512).compactMap { at in
    let offset = ByteOffset(UInt64(at))
    if bytes.holds(Array("IN".utf8), at: at), (1...3).contains(bytes[at + 4]) {
      return Landmark(.xfsInode, at: offset)
    }
    if bytes.holds(Array("XDB3".utf8), at: at) || bytes.holds(Array("XDD3".utf8), at: at) {
      return Landmark(.xfsDirectory, at: offset)
    }
    return bytes.holds(Array("XFSB".utf8), at: at) ? Landmark(.xfsSuperblock, at: offset) : nil
  }
}
