// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// What the command's exit code tells scripts.
enum ExitStatus: Int32 {
  case done = 0
  case failed = 1
  /// Done, but with unread bytes or damaged files.
  case losses = 2
  case nothingFound = 3
  /// A safety rule stopped the job before it did anything.
  case refused = 4
  case usage = 64
  case noSource = 66
  case cannotCreate = 73
  case targetFailed = 74
  case noRights = 77
  /// Interrupted; the same command goes on.
  case interrupted = 130

  /// Ends the command with this code; zero ends it by returning.
  func leave() throws {
    if self != .done { throw ExitCode(rawValue) }
  }
}
