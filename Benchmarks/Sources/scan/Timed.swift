// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A process, timed, with its memory sampled while it runs.
struct Timed {
  let seconds: Double
  /// The most of RssAnon + RssShmem that was seen, in bytes.
  let peak: UInt64

  static func run(_ program: String, _ arguments: [String]) throws -> Timed {
    let process = try start(program, arguments, to: .nullDevice)
    let begin = ContinuousClock.now
    var peak: UInt64 = 0
    while process.isRunning {
      peak = max(peak, memory(of: process.processIdentifier))
      usleep(2000)
    }
    process.waitUntilExit()
    let seconds = (ContinuousClock.now - begin).seconds
    guard [0, 2, 3].contains(process.terminationStatus) else {
      throw Failure("\(program) ended with \(process.terminationStatus)")
    }
    return Timed(seconds: seconds, peak: peak)
  }

  static func output(_ program: String, _ arguments: [String]) throws -> String {
    let pipe = Pipe()
    let process = try start(program, arguments, to: pipe.fileHandleForWriting)
    try pipe.fileHandleForWriting.close()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  private static func start(
    _ program: String, _ arguments: [String], to output: FileHandle
  ) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private static func memory(of process: Int32) -> UInt64 {
    guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    else { return 0 }
    return status.split(separator: "\n").filter {
      $0.hasPrefix("RssAnon:") || $0.hasPrefix("RssShmem:")
    }.compactMap { $0.split(whereSeparator: \.isWhitespace).dropFirst().first }
      .compactMap { UInt64($0) }.reduce(0, +) << 10
  }
}

/// PhotoRec over the same image with all its formats, into a folder that is removed.
enum Photorec {
  /// Seconds.
  static func run(_ image: String, folder: String) throws -> Double {
    let target = folder + "/renflou-benchmark-photorec"
    try? FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: target) }
    return try Timed.run(
      "/usr/bin/photorec",
      [
        "/d", target + "/recup", "/cmd", image,
        "partition_none,fileopt,everything,enable,wholespace,search",
      ]
    ).seconds
  }
}

/// Where the numbers were made.
enum Machine {
  static var description: String {
    let cpu = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?
      .split(separator: "\n").first { $0.hasPrefix("model name") }?
      .split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) }
    return "\(cpu ?? "unknown processor"), \(ProcessInfo.processInfo.activeProcessorCount) cores"
  }
}
