// SPDX-License-Identifier: Apache-2.0

/// A command line as it goes into the log: quoted as a shell would take it, without secrets.
struct CommandWords {
  let text: String

  /// - Parameter arguments: with the program first, of which the name alone is kept.
  init(_ arguments: [String]) {
    var words = ["renflou"]
    var isSecret = false
    for argument in arguments.dropFirst() {
      if isSecret {
        words.append("***")
        isSecret = false
      } else if argument.hasPrefix("-"), Self.namesSecret(argument.prefix { $0 != "=" }) {
        isSecret = !argument.contains("=")
        words.append(isSecret ? argument : argument.prefix { $0 != "=" } + "=***")
      } else {
        words.append(Self.quoted(Self.withoutPassword(argument)))
      }
    }
    text = words.joined(separator: " ")
  }

  private static func namesSecret(_ option: Substring) -> Bool {
    let name = option.lowercased()
    return ["token", "password", "passphrase", "secret", "credential"]
      .contains(where: name.contains)
  }

  /// `scheme://user:password@host` without the password.
  private static func withoutPassword(_ word: String) -> String {
    guard let scheme = word.firstRange(of: "://") else { return word }
    let rest = word[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" }
    guard let at = authority.lastIndex(of: "@") else { return word }
    return word[..<scheme.upperBound] + "***" + rest[at...]
  }

  /// The word in quotes, where a shell would not take it as it is.
  static func quoted(_ word: String) -> String {
    let isPlain = word.utf8.allSatisfy { byte in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        || "-_./:=,+@%".utf8.contains(byte)
    }
    if isPlain, !word.isEmpty { return word }
    let parts = word.split(separator: "'", omittingEmptySubsequences: false)
    return "'" + parts.joined(separator: #"'\''"#) + "'"
  }
}
