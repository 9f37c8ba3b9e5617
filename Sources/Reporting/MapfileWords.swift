// SPDX-License-Identifier: Apache-2.0

import Bytes

extension Language {
  /// What is known of a range.
  func word(_ status: Mapfile.Status) -> String {
    switch status {
    case .finished: pick("rescued", "sauvé")
    case .nonTried: pick("not tried", "pas essayé")
    case .nonTrimmed: pick("not trimmed", "bords pas lus")
    case .nonScraped: pick("not scraped", "pas lu en détail")
    case .bad: pick("bad", "défectueux")
    }
  }

  /// What the copy was doing.
  func word(activity: UInt8) -> String {
    switch activity {
    case 0x3F: pick("copying", "copie")
    case 0x2A: pick("trimming", "lecture des bords")
    case 0x2F: pick("scraping", "lecture en détail")
    case 0x2D: pick("retrying", "nouveaux essais")
    case 0x46: pick("filling", "remplissage")
    case 0x47: pick("generating", "création")
    case 0x2B: pick("finished", "fini")
    default: "?"
    }
  }

  /// A share of a whole in percent, never rounded to all or nothing: "99.99 %".
  func percent(_ part: ByteCount, of whole: ByteCount) -> String {
    guard whole > 0 else { return "0 %" }
    if part >= whole { return "100 %" }
    let share = Double(part.rawValue) / Double(whole.rawValue)
    if part > 0, share < 0.0001 { return "< 0\(decimalPoint)01 %" }
    let hundredths = min(Int(share * 10_000), 9_999)
    return "\(hundredths / 100)\(decimalPoint)\(two(hundredths % 100)) %"
  }

  private var decimalPoint: String { pick(".", ",") }
}

extension Mapfile.Status {
  /// The statuses from good to bad, as legends list them.
  static let inOrder = allCases.sorted()

  /// The name in JSON and CSV.
  var field: StaticString {
    switch self {
    case .finished: "rescued"
    case .nonTried: "nonTried"
    case .nonTrimmed: "nonTrimmed"
    case .nonScraped: "nonScraped"
    case .bad: "bad"
    }
  }

  /// The name of the activity in JSON.
  static func field(activity: UInt8) -> String {
    switch activity {
    case 0x3F: "copying"
    case 0x2A: "trimming"
    case 0x2F: "scraping"
    case 0x2D: "retrying"
    case 0x46: "filling"
    case 0x47: "generating"
    default: "finished"
    }
  }
}
