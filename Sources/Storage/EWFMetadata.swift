// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What an EWF image says of the job that made it.
package struct EWFMetadata: Equatable, Sendable {
  package var caseNumber = ""
  package var evidenceNumber = ""
  package var description = ""
  package var examiner = ""
  package var notes = ""
  /// The program that wrote it, and where.
  package var software = ""
  package var system = ""
  /// Seconds since 1970, or as the image says it.
  package var acquired = ""
  package var md5: [UInt8]?
  package var sha1: [UInt8]?

  package init() {}

  private static let fields: [String: any WritableKeyPath<Self, String> & Sendable] = [
    "c": \.caseNumber, "n": \.evidenceNumber, "a": \.description, "e": \.examiner, "t": \.notes,
    "av": \.software, "ov": \.system, "m": \.acquired,
  ]

  /// Takes what a header section says: a line of names behind `main`, then a line of values, parted
  /// by tabs.
  ///
  /// - Parameter text: unpacked; UTF-16 with a byte order mark, or one byte a character.
  mutating func read(_ text: [UInt8]) {
    let lines = Self.decode(text).split(omittingEmptySubsequences: false) { $0.isNewline }
    guard let main = lines.firstIndex(of: "main"), main + 2 < lines.count else { return }
    let names = lines[main + 1].split(separator: "\t", omittingEmptySubsequences: false)
    let values = lines[main + 2].split(separator: "\t", omittingEmptySubsequences: false)
    for (name, value) in zip(names, values) where !value.isEmpty {
      if let field = Self.fields[String(name)] { self[keyPath: field] = String(value) }
    }
  }

  private static func decode(_ text: [UInt8]) -> String {
    guard text.starts(with: [0xFF, 0xFE]) else {
      return String(String.UnicodeScalarView(text.map { Unicode.Scalar($0) }))
    }
    let units = stride(from: 2, to: text.count - 1, by: 2).map {
      UInt16(text[$0]) | UInt16(text[$0 + 1]) << 8
    }
    return String(decoding: units, as: UTF16.self)
  }

  /// The text of a header section, in one byte a character, for tools that know no other.
  func header(date: String) -> [UInt8] {
    let values = row(date)
    let text =
      "1\r\nmain\r\nc\tn\ta\te\tt\tav\tov\tm\tu\tp\r\n" + values.joined(separator: "\t")
      + "\r\n\r\n"
    return text.unicodeScalars.map { $0.isASCII ? UInt8($0.value) : 0x3F }
  }

  /// The text of a header2 section: UTF-16, little-endian.
  func header2(date: String) -> [UInt8] {
    let values = [description, caseNumber, evidenceNumber, examiner, notes].map(Self.clean)
    let row = values + ["", "", Self.clean(software), Self.clean(system), date, date, "0", ""]
    let text =
      "3\nmain\na\tc\tn\te\tt\tmd\tsn\tav\tov\tm\tu\tp\tdc\n" + row.joined(separator: "\t") + "\n\n"
      + "srce\n0\t1\np\tn\tid\tev\ttb\tlo\tpo\tah\tgu\taq\n0\t0\n\t\t\t\t\t-1\t-1\t\t\t\n\n"
      + "sub\n0\t1\np\tn\tid\tnu\tco\tgu\n0\t0\n\t\t\t\t1\t\n\n"
    var bytes: [UInt8] = [0xFF, 0xFE]
    for unit in text.utf16 { bytes.append(little: unit) }
    return bytes
  }

  private func row(_ date: String) -> [String] {
    [caseNumber, evidenceNumber, description, examiner, notes, software, system].map(Self.clean)
      + [date, date, "0"]
  }

  /// Tabs and line ends part fields, so a value has none.
  private static func clean(_ text: String) -> String {
    String(text.map { $0 == "\t" || $0.isNewline ? " " : $0 })
  }
}
