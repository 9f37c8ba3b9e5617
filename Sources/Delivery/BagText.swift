// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Checksums
import Findings
import Reporting

/// The texts that make a folder a bag.
///
/// - Source: RFC 8493, *The BagIt File Packaging Format (V1.0)*, §2.1 and §2.2.
enum BagText {
  /// `bagit.txt`.
  static let declaration = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

  /// One line of a manifest. CR, LF and `%` are encoded; the names of a delivery hold none of them.
  static func line(_ path: String, _ digest: [UInt8]) -> String {
    var encoded = ""
    for scalar in path.unicodeScalars {
      switch scalar {
      case "%": encoded += "%25"
      case "\n": encoded += "%0A"
      case "\r": encoded += "%0D"
      default: encoded.unicodeScalars.append(scalar)
      }
    }
    return digest.hexadecimal + "  " + encoded + "\n"
  }

  /// `bag-info.txt`.
  static func info(
    _ intervention: Intervention, plan: DeliveryPlan, version: String, now: Timestamp
  ) -> String {
    let fields: [(String, String?)] = [
      ("Source-Organization", intervention[.organisation]),
      ("Contact-Name", intervention[.technician]),
      ("External-Identifier", intervention[.ticket]),
      ("External-Description", intervention[.request]),
      ("Bagging-Date", Self.date(now)),
      ("Bag-Size", Language.english.size(plan.bytes)),
      ("Payload-Oxum", "\(plan.bytes.rawValue).\(plan.files.count)"),
      ("Bag-Software-Agent", "renflou \(version)"),
    ]
    return fields.compactMap { name, words in words.map { "\(name): \(oneLine($0))\n" } }.joined()
  }

  /// The date alone, in UTC.
  static func date(_ moment: Timestamp) -> String {
    String(Language.english.time(moment).prefix(10))
  }

  private static func oneLine(_ words: String) -> String {
    let line = words.split(whereSeparator: { $0.isWhitespace || $0.isNewline })
    return TerminalText.safe(line.joined(separator: " "))
  }
}
