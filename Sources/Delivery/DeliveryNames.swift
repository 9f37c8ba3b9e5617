// SPDX-License-Identifier: Apache-2.0

import Case
import Findings
import Reporting

/// Where a file goes in a delivery, in words that its reader knows.
struct DeliveryNames {
  private let language: Language
  /// The folder of each wish, by its number.
  private let wishes: [Int: String]
  private let volumes: [UInt16: VolumeRecord]

  init(_ record: Case, language: Language, wishes: [Wish]) throws {
    self.language = language
    volumes = Dictionary(
      try record.volumes().map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
    let width = String(wishes.count).count
    self.wishes = Dictionary(
      wishes.map { wish in
        let number = String(wish.number)
        let zeros = String(repeating: "0", count: max(0, width - number.count))
        return (wish.number, zeros + number + " - " + Self.short(wish.words))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The components of the path below `data/`, raw.
  func components(
    of finding: Finding, id: Int64, wish: Int?, isDamaged: Bool
  ) -> [[UInt8]] {
    var folders: [String] = []
    if isDamaged { folders.append(language.pick("Damaged files", "Fichiers endommagés")) }
    if let wish, let folder = wishes[wish] {
      folders.append(folder)
    } else if !wishes.isEmpty {
      folders.append(language.pick("Other files", "Autres fichiers"))
    }
    var path = folders.map { Array($0.utf8) }
    if finding.hasVolumePath {
      if volumes.count > 1, let volume = volumes[finding.volume] {
        path.append(Array((volume.label.isEmpty ? volume.folder : volume.label).utf8))
      }
      path += (finding.folder ?? []).map(\.bytes)
    } else {
      path.append(Array(language.pick("Found without a name", "Retrouvés sans nom").utf8))
      path += (finding.folder ?? []).dropFirst().map { Array(category($0.text).many.utf8) }
    }
    return path + [finding.name?.bytes ?? Array(nameless(finding, id: id).utf8)]
  }

  /// The path as the disk had it.
  func originalPath(of finding: Finding, id: Int64) -> [UInt8] {
    var path = finding.hasVolumePath ? (finding.folder ?? []).map(\.bytes) : []
    path.append(finding.name?.bytes ?? Case.placeholder(id: id, type: finding.type))
    return Array(path.joined(separator: [0x2F]))
  }

  private func nameless(_ finding: Finding, id: Int64) -> String {
    let word = category(finding.folder?.dropFirst().first?.text ?? "").one
    return word + " \(id)" + (finding.type.isEmpty ? "" : "." + finding.type)
  }

  /// A category of carved files, for one file and for many.
  private func category(_ id: String) -> (one: String, many: String) {
    switch id {
    case "photo": (language.pick("Picture", "Image"), language.pick("Pictures", "Images"))
    case "video": (language.pick("Video", "Vidéo"), language.pick("Videos", "Vidéos"))
    case "audio":
      (language.pick("Sound", "Son"), language.pick("Music and sound", "Musique et sons"))
    case "document": ("Document", "Documents")
    case "mail": (language.pick("Mail", "Courrier"), language.pick("Mail", "Courrier"))
    case "archive": ("Archive", "Archives")
    case "database":
      (language.pick("Database", "Base"), language.pick("Databases", "Bases de données"))
    case "system":
      (language.pick("File", "Fichier"), language.pick("System files", "Fichiers système"))
    default: (language.pick("File", "Fichier"), id)
    }
  }

  /// A wish's words on one line, not too long for a folder.
  private static func short(_ words: String) -> String {
    let line = words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count <= 48 ? line : String(line.prefix(47)) + "…"
  }
}
