// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// The page for whoever asked for their files: one sheet, no jargon.
package struct ClientReport {
  let request: ReportRequest
  private let kindOf: (String) -> FileKind
  private let sheet: Intervention

  /// - Parameter kindOf: the kind of a type of files.
  package init(_ request: ReportRequest, kindOf: @escaping (String) -> FileKind) throws {
    self.request = request
    self.kindOf = kindOf
    sheet = try request.record.intervention()
  }

  /// So many characters of a text, so many wishes and files go on the sheet.
  private static let longestText = 230
  private static let mostWishes = 8
  private static let mostFiles = 4

  private func pick(_ english: String, _ french: String) -> String { request.pick(english, french) }

  /// What was said of a field, on one line and not too long.
  private func said(_ field: Intervention.Field, most: Int = longestText) -> String? {
    sheet[field].map { cut(request.pseudonyms.text($0), most) }
  }

  private func cut(_ text: String, _ most: Int) -> String {
    let safe = TerminalText.safe(text.split(whereSeparator: \.isNewline).joined(separator: " "))
    return safe.count <= most ? safe : safe.prefix(most - 1) + "…"
  }

  /// A text that was cut short ends in its ellipsis alone.
  private func closed(_ text: String) -> String { text.replacing("….", with: "…") }

  package func page() throws -> Page {
    let language = request.language
    let title = pick("Your data recovery", "Récupération de vos données")
    let heads = [
      said(.customer, most: 60), said(.ticket, most: 40).map { pick("file ", "dossier ") + $0 },
      said(.organisation, most: 60), language.day(request.made),
    ]
    var page = Page(
      language, title: title, subtitle: heads.compactMap { $0 }.joined(separator: " · "),
      isSheet: true)
    page.add(pick("What you asked for", "Demande du client"), [.text(asked())])
    page.add(
      pick("What you handed over", "Matériel confié"),
      [
        .text(handedOver()),
        .known([(pick("Accessories", "Accessoires"), said(.accessories, most: 120))]),
      ])
    page.add(pick("Its state on arrival", "État à la réception"), [.text(said(.arrival))])
    page.add(pick("What we found", "Diagnostic"), [.text(said(.diagnosis)), .text(try found())])
    page.add(pick("What we did", "Travaux effectués"), [.text(work())])
    try addResults(&page)
    page.add(
      pick("What you should do now", "Recommandations"),
      [.text(said(.advice, most: 360) ?? standingAdvice)])
    page.add(
      pick("Time and price", "Temps passé"),
      [
        .known([
          (pick("Time spent for you", "Temps consacré"), try timeSpent()),
          (pick("Price", "Prix"), said(.price, most: 120)),
          (pick("Agreed", "Accord"), said(.agreed, most: 160)),
        ])
      ])
    page.add(
      pick("Where your data are, and until when", "Conservation et effacement"),
      [.text(keeping())])
    page.add(
      pick("Signatures", "Signatures"),
      [
        .signatures([
          pick("You", "Vous") + (said(.customer, most: 50).map { "\n" + $0 } ?? ""),
          pick("The technician", "Le technicien")
            + (said(.technician, most: 50).map { "\n" + $0 } ?? ""),
        ])
      ])
    return page
  }

  private func asked() -> String? {
    let words = [
      said(.request),
      said(.deadline, most: 60).map {
        pick("You need it by: \($0).", "Vous en avez besoin pour\u{202F}: \($0).")
      },
      said(.consent, most: 120).map {
        pick("You agreed to: \($0).", "Vous avez donné votre accord\u{202F}: \($0).")
      },
    ].compactMap { $0 }
    return closed(words.joined(separator: "\n"))
  }

  private func handedOver() -> String? {
    let parts = [said(.make, most: 40), said(.model, most: 60), said(.capacity, most: 30)]
      .compactMap { $0 }
    let serial = said(.serial, most: 40).map { pick("serial number ", "n° de série ") + $0 }
    let place = said(.receivedAt, most: 60).map { pick("received: ", "reçu\u{202F}: ") + $0 }
    return ([parts.joined(separator: " ")] + [serial, place].compactMap { $0 })
      .filter { !$0.isEmpty }.joined(separator: ", ")
  }

  private func work() -> String {
    let standing = pick(
      "We only read your disk: nothing was written to it.",
      "Nous n'avons fait que lire votre disque\u{202F}: rien n'y a été écrit.")
    return [said(.work), standing].compactMap { $0 }.joined(separator: "\n")
  }

  /// How much came back, and whether all of the disk could be read.
  private func found() throws -> String {
    let totals = try Tally(request, kindOf: kindOf)
    let language = request.language
    let whole = language.count(
      totals.whole, ("whole file", "whole files"), ("fichier entier", "fichiers entiers"))
    let damaged = language.count(
      totals.damaged, ("incomplete or uncertain one", "incomplete or uncertain ones"),
      ("fichier incomplet ou incertain", "fichiers incomplets ou incertains"))
    let found = totals.damaged == 0 ? whole : whole + pick(" and ", " et ") + damaged
    var lines = [pick("We found ", "Nous avons trouvé ") + found + "."]
    if try !request.hasWritten() {
      lines.append(
        pick(
          "Nothing has been copied for you yet.", "Rien n'a encore été copié pour vous."))
    }
    let unread = try request.record.defects().length
    if unread > 0 {
      let size = language.size(unread)
      lines.append(
        pick(
          "\(size) of your disk can no longer be read: areas that are damaged.",
          "\(size) de votre disque ne se lisent plus\u{202F}: des zones abîmées."))
    }
    return lines.joined(separator: " ")
  }

  private var standingAdvice: String {
    pick(
      "Check your files now, the ones you need most first. Do not use the old disk any more. Keep two copies of what matters to you, one of them in another place, and open one from time to time to see that it works.",
      "Vérifiez vos fichiers dès maintenant, en commençant par les plus importants. N'utilisez plus l'ancien disque. Gardez deux copies de ce qui compte, dont une dans un autre lieu, et ouvrez-en une de temps en temps pour vous assurer qu'elle est lisible."
    )
  }

  /// Hands-on time alone: how long a disk took to read is nobody's bill.
  private func timeSpent() throws -> String? {
    let seconds = try request.record.workTimes().filter { $0.kind == .handsOn }
      .reduce(Int64(0)) { $0.addingReportingOverflow(max(0, $1.seconds)).partialValue }
    return seconds > 0 ? request.language.duration(seconds: seconds) : nil
  }

  private func keeping() -> String {
    let place = said(.storage, most: 160).map {
      pick("Your data are here: \($0).", "Vos données se trouvent ici\u{202F}: \($0).")
    }
    let until =
      said(.retention, most: 160).map {
        pick("We keep a copy until: \($0).", "Nous gardons une copie jusqu'au\u{202F}: \($0).")
      }
      ?? pick(
        "Ask us how long we keep a copy; you may have it erased at any time.",
        "Demandez-nous combien de temps nous gardons une copie\u{202F}; vous pouvez la faire effacer à tout moment."
      )
    return closed([place, until].compactMap { $0 }.joined(separator: "\n"))
  }
}

extension ClientReport {
  /// The wishes and what came of them; where nobody named any, what there is of each kind.
  private func addResults(_ page: inout Page) throws {
    let fates = try request.record.wishFates()
    let title = pick("Your wishes, and what came of them", "Résultat par priorité")
    if fates.isEmpty {
      page.add(title, [.table(try kinds())])
    } else {
      page.add(title, [.table(table(fates)), .text(rest(fates.count - Self.mostWishes))])
    }
    page.add(pick("Incomplete files", "Fichiers incomplets"), try incomplete())
  }

  private func rest(_ count: Int) -> String? {
    guard count > 0 else { return nil }
    return pick("The technical annex has ", "L'annexe technique en donne ")
      + request.language.number(count) + pick(" more.", " de plus.")
  }

  private func table(_ fates: [WishFate]) -> Page.Table {
    let language = request.language
    var table = Page.Table(
      head: [
        pick("You asked for", "Vous avez demandé"), pick("Whole", "Entiers"),
        pick("Incomplete or uncertain", "Incomplets ou incertains"), pick("Lost", "Perdus"),
        pick("Why", "Pourquoi"),
      ], numeric: [1, 2, 3])
    for fate in fates.prefix(Self.mostWishes) {
      let reasons = language.plainWords(fate.reasons).prefix(2)
        .joined(separator: pick("; ", "\u{202F}; "))
      let why =
        fate.isNotFound
        ? pick("nothing of it was found", "rien n'en a été trouvé")
        : fate.damaged + fate.lost == 0
          ? pick("all of it is whole", "tout est entier")
          : reasons.isEmpty ? pick("some of it is uncertain", "une partie est incertaine") : reasons
      let whole =
        language.number(fate.whole) + (fate.whole > 0 ? " (\(language.size(fate.wholeBytes)))" : "")
      table.rows.append([
        "\(fate.wish.number). " + cut(request.pseudonyms.text(fate.wish.words), 60), whole,
        language.number(fate.damaged), language.number(fate.lost), why,
      ])
    }
    return table
  }

  private func kinds() throws -> Page.Table {
    let language = request.language
    let tally = try Tally(request, kindOf: kindOf)
    var table = Page.Table(
      head: [
        pick("Kind of files", "Sorte de fichiers"), pick("Whole", "Entiers"),
        pick("Incomplete or uncertain", "Incomplets ou incertains"), pick("Lost", "Perdus"),
      ], numeric: [1, 2, 3])
    for kind in FileKind.allCases {
      guard let counts = tally.kinds[kind] else { continue }
      let whole =
        language.number(counts.whole)
        + (counts.whole > 0 ? " (\(language.size(counts.bytes)))" : "")
      table.rows.append([
        kind.word(language), whole, language.number(counts.damaged), language.number(counts.lost),
      ])
    }
    return table
  }

  /// The first incomplete files, each with a plain reason.
  private func incomplete() throws -> [Page.Block?] {
    let language = request.language
    var table = Page.Table(head: [pick("File", "Fichier"), pick("Why", "Pourquoi")])
    var count = 0
    try request.eachFile { file in
      guard file.verdict == .partial else { return }
      count += 1
      guard table.rows.count < Self.mostFiles else { return }
      let why = language.plainWords(file.finding.evidence).first
      table.rows.append([
        cut(TerminalText.safe(file.pathInVolume), 90),
        why ?? pick("a piece of it is missing", "il en manque un morceau"),
      ])
    }
    return count == 0 ? [] : [.table(table), .text(rest(count - table.rows.count))]
  }
}
