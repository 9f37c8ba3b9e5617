// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The program of smartmontools that asks disks for their health. It is never told to start a self
/// test: a test wears a disk that is failing.
package struct Smartctl: Hashable, Sendable {
  /// How much is asked for.
  package enum Depth: Sendable {
    /// Identity, judgement, attributes.
    case brief
    /// With logs and statistics.
    case full

    var arguments: [String] {
      switch self {
      case .brief: ["-i", "-H", "-A"]
      case .full: ["-x"]
      }
    }
  }

  package let path: String

  package init(path: String) { self.path = path }

  /// Looks in the folders of a search path, then where system programs lie.
  ///
  /// - Parameter searchPath: folders with colons between them, as in `PATH`.
  package static func find(searchPath: String) -> Smartctl? {
    let folders = searchPath.split(separator: ":").map(String.init)
    return (folders + ["/usr/sbin", "/sbin", "/usr/local/sbin"]).lazy
      .filter { $0.hasPrefix("/") }.map { $0 + "/smartctl" }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
      .map(Smartctl.init)
  }

  /// Asks a disk; a USB bridge that smartctl does not know is asked again as what most are (`sat`).
  ///
  /// - Parameter limit: in seconds, for all of it.
  package func ask(_ device: String, _ depth: Depth = .full, limit: Double) -> HealthAnswer {
    let start = Date()
    let first = run(device, depth.arguments, limit: limit)
    guard case .unknownBridge = first else { return first }
    let left = max(1, limit - Date().timeIntervalSince(start))
    let second = run(device, ["-d", "sat"] + depth.arguments, limit: left)
    switch second {
    case .report, .noRights, .tooSlow: return second
    default: return first
    }
  }

  /// Asks several disks at the same time, so that one which hangs holds up no other.
  package func askAll(
    _ devices: [String], _ depth: Depth = .brief, limit: Double
  ) -> [HealthAnswer] {
    let answers = devices.map { _ in Answer() }
    for (device, answer) in zip(devices, answers) {
      Thread.detachNewThread { answer.give(ask(device, depth, limit: limit)) }
    }
    return answers.map { $0.take() }
  }

  private func run(_ device: String, _ arguments: [String], limit: Double) -> HealthAnswer {
    switch BoundedProcess.run(path, ["--json=c"] + arguments + [device], limit: limit) {
    case .notStarted: .unusable
    case .tooSlow: .tooSlow(seconds: limit)
    case .printed(let output): SMARTReport(parsing: output).map(HealthAnswer.init) ?? .unusable
    }
  }
}
