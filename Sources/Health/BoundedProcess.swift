// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program that is run for what it prints, and killed when it takes too long.
package enum BoundedProcess {
  /// What came of it.
  package enum Outcome: Equatable {
    case printed([UInt8])
    /// It was killed; what it waits for may hold it even so, and it is not waited for.
    case tooSlow
    case notStarted
  }

  /// No report is longer; of a longer output the rest is not read.
  private static let longestOutput = 4 << 20

  /// Runs a program to its end or to the limit.
  ///
  /// - Parameter limit: in seconds.
  package static func run(_ path: String, _ arguments: [String], limit: Double) -> Outcome {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(filePath: path)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do { try process.run() } catch { return .notStarted }
    let reader = pipe.fileHandleForReading
    let start = Date()
    let output = within(limit) { everything(reader) }
    let left = max(0, limit - Date().timeIntervalSince(start))
    guard let output, ended.wait(timeout: .now() + left) == .success else {
      // Itself, and the group that it leads where it has one of its own.
      kill(process.processIdentifier, SIGKILL)
      kill(-process.processIdentifier, SIGKILL)
      return .tooSlow
    }
    return .printed(output)
  }

  private static func everything(_ reader: FileHandle) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < longestOutput, let piece = try? reader.read(upToCount: 0x1_0000),
      !piece.isEmpty
    {
      bytes += piece
    }
    try? reader.close()
    return bytes
  }
}
