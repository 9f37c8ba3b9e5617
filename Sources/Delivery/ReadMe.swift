// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings
import Reporting

/// The page that a customer opens first: what is in here, how to check it, what is damaged.
struct ReadMe {
  let result: DeliveryResult
  let intervention: Intervention
  let language: Language
  /// The gallery's first page.
  let gallery: String?
  let made: Timestamp

  /// So many damaged files are listed on the page; all are in the table beside it.
  private static let mostRows = 200

  static func name(_ language: Language) -> String { language.pick("README.html", "LISEZMOI.html") }

  private var plan: DeliveryPlan { result.plan }

  var html: String {
    HTMLPage(
      title: pick("Your recovered files", "Vos fichiers récupérés"), language: language,
      body: [
        summary, wishes, contents, failures, doubtful, damaged, leftOut, checking, keeping, about,
      ]
      .joined(separator: "\n")
    ).html
  }

  private func pick(_ english: String, _ french: String) -> String {
    language.prose(english, french)
  }

  private func escape(_ text: String) -> String { HTMLText.escaped(text) }

  private func files(_ count: Int) -> String {
    language.count(count, ("file", "files"), ("fichier", "fichiers"))
  }

  private func section(_ title: String, _ html: String) -> String {
    "<h2>\(escape(title))</h2>\n\(html)"
  }

  private var summary: String {
    let whom = intervention[.customer].map { "<p>" + pick("For ", "Pour ") + escape($0) + "</p>" }
    let count = "<b>\(files(plan.files.count))</b>, \(language.size(plan.bytes))"
    let gallery = self.gallery.map {
      "<p>" + HTMLPage.link(to: $0, pick("See your pictures", "Voir vos images")) + "</p>"
    }
    return (whom ?? "") + "<p class=\"big\">"
      + pick(
        "This folder holds \(count). All of it is in the folder ",
        "Ce dossier contient \(count). Tout est dans le dossier ")
      + HTMLPage.link(to: "data", "data") + ".</p>" + (gallery ?? "")
  }

  private var wishes: String {
    guard !plan.wishes.isEmpty else { return "" }
    let rows = plan.wishes.map { count in
      "<tr><td>\(escape(count.wish.words))</td><td>\(fate(count))</td></tr>"
    }
    return section(
      pick("What you asked for", "Ce que vous avez demandé"),
      "<table>\(rows.joined(separator: "\n"))</table>")
  }

  private func fate(_ count: DeliveryPlan.WishCount) -> String {
    var parts: [String] = []
    if count.whole > 0 { parts.append(files(count.whole)) }
    if count.doubtful > 0 {
      let number = language.number(count.doubtful)
      parts.append(pick("\(number) to be checked", "\(number) à vérifier"))
    }
    if count.damaged > 0 { parts.append(damagedCount(count.damaged)) }
    if count.notRecovered > 0 {
      let number = language.number(count.notRecovered)
      parts.append(pick("found, not copied yet: \(number)", "vu, pas encore copié : \(number)"))
    }
    if count.lost > 0 {
      let number = language.number(count.lost)
      parts.append(
        pick("only the name is left: \(number)", "il ne reste que le nom : \(number)"))
    }
    return parts.isEmpty ? pick("not found", "introuvable") : parts.joined(separator: ", ")
  }

  private func damagedCount(_ count: Int) -> String {
    language.count(
      count, ("damaged file", "damaged files"), ("fichier endommagé", "fichiers endommagés"))
  }

  /// The folders of `data/`, each with what it holds.
  private var contents: String {
    var order: [String] = []
    var totals: [String: (count: Int, bytes: ByteCount)] = [:]
    for file in plan.files.filter({ !$0.isDamaged }) + plan.files.filter(\.isDamaged) {
      let top = file.components.count > 1 ? file.components[0] : ""
      if totals[top] == nil { order.append(top) }
      let before = totals[top] ?? (0, 0)
      totals[top] = (before.count + 1, before.bytes.addingClamped(file.size))
    }
    guard !order.isEmpty else { return "" }
    let rows = order.prefix(Self.mostRows).map { top in
      let name = top.isEmpty ? pick("files in no folder", "fichiers hors dossier") : top
      let link = HTMLPage.link(to: top.isEmpty ? "data" : "data/" + top, escape(name))
      let (count, bytes) = totals[top] ?? (0, 0)
      return "<tr><td>\(link)</td><td class=\"n\">\(files(count))</td>"
        + "<td class=\"n\">\(language.size(bytes))</td></tr>"
    }
    let list = HTMLPage.link(to: ContentsList.name(language), ContentsList.name(language))
    return section(
      pick("What is in here", "Ce qu'il y a dedans"),
      "<table>\(rows.joined(separator: "\n"))</table><p>"
        + pick(
          "Each file with its first place, size and state is in the table \(list), which any spreadsheet opens. Characters that some systems refuse in names are replaced with “_”.",
          "Chaque fichier, avec sa place d'origine, sa taille et son état, figure dans le tableau \(list), qui s'ouvre dans un tableur. Les caractères que certains systèmes refusent dans les noms sont remplacés par « _ »."
        ) + "</p>")
  }

  private var failures: String {
    guard !result.failures.isEmpty else { return "" }
    return section(
      pick("Not in here yet", "Ce qui manque encore"),
      "<p class=\"warn\">"
        + pick(
          "These files belong here, but could not be copied. Ask whoever gave you this folder.",
          "Ces fichiers devraient être ici, mais n'ont pas pu être copiés. Demandez à la personne qui vous a remis ce dossier."
        ) + "</p>" + list(result.failures.map { "<td>\(escape($0.file.path))</td>" }))
  }

  private var doubtful: String {
    let files = plan.files.filter(\.isDoubtful)
    guard !files.isEmpty else { return "" }
    return section(
      pick("Files to look at", "Fichiers à regarder"),
      "<p>"
        + pick(
          "Nothing is known to be wrong with them, but they could not be proved right. Open them, and say if one is not what it should be.",
          "Rien n'indique qu'ils soient mauvais, mais rien ne prouve qu'ils soient justes. Ouvrez-les, et dites si l'un n'est pas ce qu'il devrait être."
        ) + "</p>" + list(files.map(row)))
  }

  /// A link to a file, and what is wrong with it.
  private func row(_ file: DeliveryFile) -> String {
    "<td>\(HTMLPage.link(to: "data/" + file.path, escape(file.path)))</td>"
      + "<td>\(escape(PlainReason(file, language).words))</td>"
  }

  private var damaged: String {
    let damaged = plan.files.filter(\.isDamaged)
    guard !damaged.isEmpty else { return "" }
    return section(
      pick("Damaged files", "Fichiers endommagés"),
      "<p>"
        + pick(
          "They have a folder of their own. Where a piece is missing, zeros stand for it; some programs can open such a file, at least in part.",
          "Ils ont un dossier à part. Là où un morceau manque, des zéros le remplacent ; certains logiciels ouvrent un tel fichier, au moins en partie."
        ) + "</p>"
        + list(damaged.map(row)))
  }

  private var leftOut: String {
    guard !plan.leftOut.isEmpty else { return "" }
    let count = damagedCount(plan.leftOut.count)
    return section(
      pick("Damaged files that are not in here", "Fichiers endommagés non remis"),
      "<p>"
        + pick(
          "Left out: \(count). Ask whoever gave you this folder if you want them even so.",
          "Laissé de côté : \(count). Adressez-vous à la personne qui vous a remis ce dossier si vous les voulez quand même."
        ) + "</p>"
        + list(
          plan.leftOut.map { file in
            "<td>\(escape(TerminalText.safe(file.originalPath)))</td>"
              + "<td>\(escape(PlainReason(file, language).words))</td>"
          }))
  }

  private func list(_ cells: [String]) -> String {
    let rest = cells.count - Self.mostRows
    let more =
      rest > 0
      ? "<p class=\"note\">"
        + pick(
          "And \(language.number(rest)) more.", "Et \(language.number(rest)) de plus.") + "</p>"
      : ""
    return "<table>"
      + cells.prefix(Self.mostRows).map { "<tr>\($0)</tr>" }.joined(separator: "\n") + "</table>"
      + more
  }

  private var checking: String {
    let name = VerifyScript.baseName(language)
    func code(_ text: String) -> String { "<code>\(escape(text))</code>" }
    let bat = code(name + ".bat")
    let mac = code(name + ".command")
    let linux = code("sh " + name + ".sh")
    let sums = code("sha256sum -c manifest-sha256.txt")
    let items = [
      (
        "Windows",
        pick("double-click \(bat).", "double-cliquez sur \(bat).")
      ),
      (
        "macOS",
        pick(
          "right-click \(mac), then Open.", "clic droit sur \(mac), puis Ouvrir.")
      ),
      (
        "Linux",
        pick(
          "in a terminal here: \(linux), or \(sums).",
          "dans un terminal ici : \(linux), ou \(sums).")
      ),
    ]
    return section(
      pick("How to check it", "Comment vérifier"),
      "<p>"
        + pick(
          "Each file has a fingerprint in the list <code>manifest-sha256.txt</code>. You can check at any time that none has changed; nothing needs to be installed.",
          "Chaque fichier a une empreinte dans la liste <code>manifest-sha256.txt</code>. Vous pouvez vérifier à tout moment qu'aucun n'a changé ; il n'y a rien à installer."
        ) + "</p><dl>"
        + items.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" }.joined() + "</dl>")
  }

  private var keeping: String {
    section(
      pick("What to do now", "Que faire maintenant"),
      "<p>"
        + pick(
          "Copy the whole folder to another disk today, and keep this one as it is: what exists in one place only can be lost again. Work with the copy.",
          "Copiez dès aujourd'hui tout ce dossier sur un autre disque, et gardez celui-ci tel quel : ce qui n'existe qu'en un seul endroit peut se perdre à nouveau. Travaillez sur la copie."
        ) + "</p>")
  }

  private var about: String {
    let facts = [
      intervention[.organisation], intervention[.technician],
      intervention[.ticket].map { pick("ticket ", "dossier ") + $0 },
      language.time(made) + " UTC",
    ].compactMap { $0 }
    return "<p class=\"note\">" + escape(facts.joined(separator: " · ")) + "</p>"
  }
}
