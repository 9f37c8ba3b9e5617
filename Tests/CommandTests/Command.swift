// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The command as users run it: a process of its own.
struct Command {
  /// How a run ended.
  struct Outcome {
    /// The exit code; minus the number of the signal that ended it.
    let status: Int32
    let output: String
    let talk: String
  }

  /// The release build that `make test` names; else the build that belongs to these tests.
  static let path: String = {
    if let path = ProcessInfo.processInfo.environment["RENFLOU"] { return path }
    let root = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return root.appending(path: ".build/debug/renflou").path
  }()

  /// Runs the command to its end.
  static func run(_ arguments: String..., in folder: Workspace) throws -> Outcome {
    try run(program: path, arguments, in: folder)
  }

  /// Runs any program to its end, or kills it after `limit` seconds: then its status is -9.
  static func run(
    program: String, _ arguments: [String], in folder: Workspace, limit: Double = 60
  ) throws -> Outcome {
    let running = try Running(program, arguments, in: folder)
    return try running.wait(limit)
  }

  /// Starts the command and leaves it running.
  static func start(_ arguments: String..., in folder: Workspace) throws -> Running {
    try Running(path, arguments, in: folder)
  }

  /// Where a tool of the system lies; nil where it is not installed.
  static func tool(_ name: String) -> String? {
    ["/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/"].map { $0 + name }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

/// A process under way. What it says goes to files, so that no pipe can fill up.
final class Running {
  let process = Process()
  private let output: String
  private let talk: String

  fileprivate init(_ program: String, _ arguments: [String], in folder: Workspace) throws {
    let name = UUID().uuidString
    output = folder.path + "/" + name + ".out"
    talk = folder.path + "/" + name + ".err"
    for path in [output, talk] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    var environment = ProcessInfo.processInfo.environment
    environment["LC_ALL"] = "C.UTF-8"
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: talk)
    try process.run()
  }

  func wait(_ limit: Double = 60) throws -> Command.Outcome {
    let end = Date().addingTimeInterval(limit)
    while process.isRunning {
      if Date() > end { kill(process.processIdentifier, SIGKILL) }
      Thread.sleep(forTimeInterval: 0.002)
    }
    process.waitUntilExit()
    let status =
      process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    defer { for path in [output, talk] { try? FileManager.default.removeItem(atPath: path) } }
    return Command.Outcome(
      status: status, output: try Self.text(output), talk: try Self.text(talk))
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }
}
