// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Foundation
import Imaging
import Storage

/// A line of the log beside an image: when, what, with which values.
struct RescueLogLine {
  private let fields: [(String, String)]

  init(_ event: RescueEvent) {
    let fields: [(String, String)]
    switch event {
    case .began(let source, let resumed):
      fields = [
        ("event", resumed ? "resumed" : "began"), ("version", Renflou.version),
        ("command", CommandLine.arguments.joined(separator: " ")), ("model", source.model),
        ("serial", source.serial), ("length", "\(source.length)"),
      ]
    case .sourceGone(let failed):
      fields = [("event", "source gone"), ("failedReads", "\(failed)")]
    case .sourceBack: fields = [("event", "source back")]
    case .health(let checkUp):
      fields = [("event", "health"), ("order", "\(checkUp.order)")] + checkUp.seen
    case .interrupted: fields = [("event", "interrupted")]
    case .stopped(let reason): fields = [("event", "stopped"), ("reason", reason)]
    case .filled(let range, let fill):
      fields = [("event", "filled"), ("fill", "\(fill)")] + Self.fields(range)
    case .bad(let range): fields = [("event", "bad")] + Self.fields(range)
    case .digest(let kind, let digest, let isComplete):
      fields = [
        ("event", "digest"), ("algorithm", "\(kind)"), ("digest", digest.hexadecimal),
        ("of", isComplete ? "the whole source" : "the image with its fill"),
      ]
    case .verified(let isSame):
      fields = [("event", "verified"), ("result", isSame ? "same" : "different")]
    case .ended(let finished, let bad, let unread, let failed):
      fields = [
        ("event", "ended"), ("finished", "\(finished.rawValue)"), ("bad", "\(bad.rawValue)"),
        ("untried", "\(unread.rawValue)"), ("failedReads", "\(failed)"),
      ]
    }
    self.fields = fields
  }

  private static func fields(_ range: Range<ByteOffset>) -> [(String, String)] {
    [("start", "\(range.lowerBound.rawValue)"), ("length", "\(range.length.rawValue)")]
  }

  /// One JSON object, its fields in a fixed order.
  var json: String {
    let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    let all = [("time", time)] + fields
    return "{" + all.map { "\(Self.quoted($0)):\(Self.quoted($1))" }.joined(separator: ",") + "}"
  }

  private static func quoted(_ text: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    return (try? encoder.encode(text)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
  }
}
