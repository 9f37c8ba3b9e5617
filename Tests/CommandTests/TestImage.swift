// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// An image of TestImages, packed, with what the command must find in it.
struct TestImage: CustomTestStringConvertible {
  let name: String

  var testDescription: String { name }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "TestImages").path

  /// All that are there.
  static let all: [TestImage] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    .filter { FileManager.default.fileExists(atPath: "\(folder)/\($0)/image.gz") }
    .map(TestImage.init)

  /// Unpacks it into a workspace and returns its path there.
  @discardableResult func unpack(into work: Workspace, as file: String = "image") throws -> String {
    let gzip = try #require(Command.tool("gzip"), "gzip is missing")
    let process = Process()
    process.executableURL = URL(filePath: gzip)
    process.arguments = ["-dc", "\(Self.folder)/\(name)/image.gz"]
    _ = FileManager.default.createFile(atPath: work(file), contents: nil)
    process.standardOutput = FileHandle(forWritingAtPath: work(file))
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return work(file)
  }

  func json<Value: Decodable>(_ file: String, as type: Value.Type) throws -> Value {
    let data = try Data(contentsOf: URL(filePath: "\(Self.folder)/\(name)/\(file)"))
    return try JSONDecoder().decode(type, from: data)
  }
}
