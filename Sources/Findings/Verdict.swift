// SPDX-License-Identifier: Apache-2.0

/// The grade of a finding, best first: a pure function of its evidence.
package enum Verdict: UInt8, Sendable, CaseIterable, Comparable {
  /// Checksums over the whole content hold.
  case verified
  /// The structure holds to the end, or trusted metadata gives every byte.
  case intact
  case probable
  case guessed
  /// Some bytes are missing or foreign; the evidence says which and why.
  case partial
  /// The file is known to have existed, its content is not.
  case nameOnly

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  /// The word that the command line and reports in machine form use.
  package var word: String {
    switch self {
    case .verified: "verified"
    case .intact: "intact"
    case .probable: "probable"
    case .guessed: "guessed"
    case .partial: "partial"
    case .nameOnly: "name-only"
    }
  }
}
