// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Reporting

/// What a ticket is told of a case, in the technician's language.
struct ExportText {
  private let record: Case
  private let language: Language

  init(_ record: Case, language: Language) {
    self.record = record
    self.language = language
  }

  /// One line: the job and its device.
  func title() throws -> String {
    let sheet = try record.intervention()
    let device = [sheet[.make], sheet[.model], sheet[.serial]].compactMap { $0 }
    return ([language.pick("Data recovery", "Récupération de données")] + device)
      .joined(separator: " ")
  }

  /// What the hands-on time went into.
  func work() throws -> String {
    let words = try record.workTimes().filter { $0.kind == .handsOn }.map(\.words)
      .filter { !$0.isEmpty }
    return words.isEmpty ? try title() : words.joined(separator: "\n")
  }

  /// What was asked, what was found, what was done, what to do.
  func paragraphs() throws -> [String] {
    let sheet = try record.intervention()
    var paragraphs = [try title()]
    func add(_ english: String, _ french: String, _ words: String?) {
      guard let words else { return }
      paragraphs.append(language.pick("\(english): ", "\(french)\u{202F}: ") + words)
    }
    add("Diagnosis", "Diagnostic", sheet[.diagnosis])
    add("Work done", "Travaux effectués", sheet[.work])
    let fates = try record.wishFates().map(line)
    if !fates.isEmpty {
      paragraphs.append(fates.joined(separator: "\n"))
    }
    paragraphs.append(try written())
    add("Advice", "Recommandations", sheet[.advice])
    return paragraphs
  }

  private func line(_ fate: WishFate) -> String {
    let counts = (
      language.number(fate.whole), language.number(fate.damaged), language.number(fate.lost)
    )
    let words = fate.wish.words
    if fate.isNotFound { return words + language.pick(": not found", "\u{202F}: non trouvé") }
    return words
      + language.pick(
        ": \(counts.0) whole, \(counts.1) damaged, \(counts.2) lost",
        "\u{202F}: \(counts.0) entiers, \(counts.1) endommagés, \(counts.2) perdus")
  }

  private func written() throws -> String {
    var files = 0
    var bytes: ByteCount = 0
    var damaged = 0
    try record.eachWritten { written in
      files += 1
      bytes = bytes.addingClamped(written.size)
      if written.missing > 0 { damaged += 1 }
      return true
    }
    let count = language.count(files, ("file", "files"), ("fichier", "fichiers"))
    let (size, less) = (language.size(bytes), language.number(damaged))
    return language.pick(
      "\(count) recovered, \(size); \(less) lack bytes.",
      "\(count) récupérés, \(size)\u{202F}; \(less) incomplets.")
  }
}
