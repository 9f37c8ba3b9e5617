// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Fixtures
import Foundation
import Specimens

/// What the formats say of one file, whatever stands behind it.
struct Examined {
  private(set) var isExact = true
  private(set) var line = ""

  init(_ bytes: [UInt8]) {
    var random = Noise(state: 5)
    let slack = zeros((512 - bytes.count % 512) % 512)
    let text = [[UInt8]](repeating: ascii("the of and to in is that it was for on "), count: 2000)
    for (what, behind) in [
      ("noise", random.bytes(0x1_0000)), ("zeros", zeros(0x1_0000)), ("text", text.flatMap { $0 }),
    ] {
      let whole = bytes + slack + behind
      let begin = ContinuousClock.now
      guard let (format, result) = Self.best(of: whole) else {
        isExact = false
        line = "no format"
        return
      }
      let milliseconds = (begin.duration(to: .now) / .milliseconds(1)).rounded()
      let isExactHere =
        result.end == .complete && result.length == ByteCount(clamping: bytes.count)
      isExact = isExact && isExactHere
      if line.isEmpty || !isExactHere {
        line = "before \(what): " + Self.words(format, result, bytes.count)
      }
      if milliseconds > 50 + Double(bytes.count) / 5000 { line += "  SLOW: \(milliseconds) ms" }
      if !isExactHere { return }
    }
  }

  /// The format that a scan would choose: whole before broken, then the better verdict, then the
  /// longer file.
  private static func best(of bytes: [UInt8]) -> (FileFormat, Examination)? {
    let source = Source(bytes: bytes)
    let head = Array(bytes.prefix(0x1_0000))
    return FileFormat.all.lazy.filter { $0.isRecognised(in: head) && head.withSpan($0.resembles) }
      .compactMap { format in (try? format.examine(source)).map { (format, $0) } }
      .min { rank($0.1) < rank($1.1) }
  }

  private static func rank(_ result: Examination) -> (Int, UInt8, UInt64) {
    (
      result.end == .complete ? 0 : 1, Contract.verdict(of: result).rawValue,
      UInt64.max - result.length.rawValue
    )
  }

  private static func words(_ format: FileFormat, _ result: Examination, _ count: Int) -> String {
    let difference = Int(clamping: result.length.rawValue) - count
    let end =
      result.end == .complete
      ? "complete \(difference >= 0 ? "+" : "")\(difference)" : "\(result.end)"
    let problem =
      result.evidence.compactMap { fact -> String? in
        if case .brokenAt(_, let problem) = fact { problem } else { nil }
      }.first ?? ""
    return
      "\(result.type ?? format.id) of \(count): \(end) \(problem) \(Contract.verdict(of: result)) "
      + "“\(result.name ?? "")” \(result.date.map { "\($0.nanoseconds / 1_000_000_000)" } ?? "")"
  }
}
