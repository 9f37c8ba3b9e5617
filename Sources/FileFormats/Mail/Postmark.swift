// SPDX-License-Identifier: Apache-2.0

/// The line that begins each message in a mailbox.
///
///     From someone@example.org Mon Jun 01 04:28:28 2009
///
/// - Source: RFC 4155, appendix A "The Default Mbox Database Format".
enum Postmark {
  private static let months: Set<String> = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Whether a line is one: a sender, then month, day, time and year.
  static func isOne(_ line: [UInt8]) -> Bool {
    guard line.starts(with: Array("From ".utf8)), line.count < 400 else { return false }
    let words = String(decoding: line, as: UTF8.self).split(separator: " ").dropFirst()
    guard let month = words.firstIndex(where: { months.contains(String($0)) }) else { return false }
    let rest = words[month...]
    return rest.contains(where: isTime) && rest.contains { $0.utf8.count == 4 && Int($0) != nil }
  }

  private static func isTime(_ word: Substring) -> Bool {
    let parts = word.split(separator: ":")
    return (2...3).contains(parts.count)
      && parts.allSatisfy { $0.utf8.count == 2 && Int($0) != nil }
  }
}
