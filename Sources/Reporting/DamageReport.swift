// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The list of files that lie on ranges that were not read: as text, JSON or CSV.
package struct DamageReport {
  private let list: DamageList

  package init(_ list: DamageList) { self.list = list }

  /// One file a line: bytes lost, share, why, path; then what it all means.
  package func render(_ language: Language, _ write: ([UInt8]) throws -> Void) throws {
    for file in list.files {
      let fields = [
        ListText.left(lost(file, language), 18),
        ListText.left(share(file, language), 9),
        ListText.right(reasons(file.loss, language), 11),
        TerminalText.safe(file.path)
          + (file.isDeleted ? language.pick("  (deleted)", "  (supprimé)") : ""),
      ]
      try write(Array((fields.joined(separator: "  ") + "\n").utf8))
    }
    try write(Array(summary(language).utf8))
  }

  private func lost(_ file: DamagedFile, _ language: Language) -> String {
    file.loss.isOfUnknownSize
      ? language.pick("all of it", "tout") : language.exactSize(file.loss.total)
  }

  private func share(_ file: DamagedFile, _ language: Language) -> String {
    file.loss.isOfUnknownSize ? "100 %" : language.percent(file.loss.total, of: file.size)
  }

  private func reasons(_ loss: Loss, _ language: Language) -> String {
    var words = loss.counts.keys.sorted(by: >).map(language.word)
    if loss.unplaced > 0 { words.append(language.pick("place unknown", "place inconnue")) }
    if loss.isOfUnknownSize { words.append(language.pick("name only", "nom seul")) }
    return words.joined(separator: ", ")
  }

  /// How many files of how many, and what may be missing from the list.
  package func summary(_ language: Language) -> String {
    let hit = language.count(
      list.files.count, ("damaged file", "damaged files"),
      ("fichier endommagé", "fichiers endommagés"))
    var lines = [
      hit + language.pick(" of ", " sur ") + language.number(list.examined)
        + language.pick("; ", " ; ") + language.exactSize(list.lost)
        + language.pick(" of the medium lost in them", " du support y sont perdus")
    ]
    for spot in list.blindSpots {
      lines.append(
        language.pick("! ", "! ") + TerminalText.safe(spot.folder) + language.pick(": ", " : ")
          + language.exactSize(spot.count)
          + language.pick(
            " of the file system's own structures were not read: files may be missing here",
            " des structures du système de fichiers n'ont pas été lus : il peut manquer des fichiers"
          ))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  package func renderJSON(_ write: ([UInt8]) throws -> Void) throws {
    var json = JSONText()
    json.open("{")
    json.field("schema", "renflou-map-files-1")
    json.field("examined", list.examined)
    json.field("damaged", list.files.count)
    json.field("lost", list.lost.rawValue)
    json.key("unreadStructures")
    json.open("[")
    for spot in list.blindSpots {
      json.open("{")
      json.field("volume", spot.folder)
      json.field("bytes", spot.count.rawValue)
      json.close("}")
    }
    json.close("]")
    json.key("files")
    json.open("[")
    for file in list.files {
      json.newLine()
      json.open("{")
      json.field(path: file.path)
      if let id = file.id { json.field("id", Int(clamping: id)) }
      json.field("size", file.size.rawValue)
      json.field("lost", file.loss.total.rawValue)
      json.field("share", file.share)
      json.field("isDeleted", file.isDeleted)
      for (status, count) in file.loss.counts.sorted(by: { $0.key > $1.key }) {
        json.field(status.field, count.rawValue)
      }
      if file.loss.isOfUnknownSize { json.field("isNameOnly", true) }
      if file.loss.unplaced > 0 { json.field("unplaced", file.loss.unplaced.rawValue) }
      json.close("}")
      if json.bytes.count > 0x1_0000 { try write(json.take()) }
    }
    json.close("]")
    json.close("}")
    json.newLine()
    try write(json.take())
  }

  /// A header and a file a line, for spreadsheets.
  ///
  /// - Source: RFC 4180.
  package func renderCSV(_ write: ([UInt8]) throws -> Void) throws {
    let header =
      "path,size,lost,share,nonTried,nonTrimmed,nonScraped,bad,unplaced,nameOnly,deleted\r\n"
    try write(Array(header.utf8))
    for file in list.files {
      let counts = Mapfile.Status.inOrder.dropFirst().map {
        String((file.loss.counts[$0] ?? 0).rawValue)
      }
      let fields =
        [
          CSVText.quoted(TerminalText.safe(file.path)), String(file.size.rawValue),
          String(file.loss.total.rawValue), "\(file.share)",
        ] + counts + [
          String(file.loss.unplaced.rawValue), file.loss.isOfUnknownSize ? "1" : "0",
          file.isDeleted ? "1" : "0",
        ]
      try write(CSVText.row(fields))
    }
  }
}
