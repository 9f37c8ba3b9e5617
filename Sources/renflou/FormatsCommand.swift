// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FileFormats
import Reporting

struct FormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats",
    abstract: "List the kinds of files that carving knows, and what proves one whole.",
    discussion: "Examples:\n\n  renflou formats\n  renflou formats --type raw,office")

  @Option(help: "Only these types or groups, with commas.")
  var type: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let formats = try chosen()
      let out = Output()
      if output.json {
        try out.writeJSON(FormatsDocument(formats))
      } else {
        for category in FileFormat.Category.allCases {
          let some = formats.filter { $0.category == category }
          if some.isEmpty { continue }
          try out.write("\(output.messages.category(category))\n")
          for format in some { try out.write(output.messages.format(format) + "\n") }
        }
        try out.write(output.messages.formats(formats) + "\n")
      }
      try out.flush()
      return formats.isEmpty ? .nothingFound : .done
    }
  }

  private func chosen() throws -> [FileFormat] {
    guard let type else { return FileFormat.all }
    let words = type.lowercased().split(separator: ",").map(String.init)
    let types = words.reduce(into: Set<String>()) {
      $0.formUnion(FileFormat.types(meantBy: $1) ?? [])
    }
    return FileFormat.all.filter { !types.isDisjoint(with: $0.extensions) }
  }
}

/// `formats --json`.
struct FormatsDocument: Encodable {
  struct Entry: Encodable {
    let id: String
    let name: String
    let category: String
    let extensions: [String]
    let validation: String
  }

  let schema = "renflou-formats-1"
  let formats: [Entry]
  let groups: [String: [String]]

  init(_ formats: [FileFormat]) {
    self.formats = formats.map {
      Entry(
        id: $0.id, name: $0.name, category: $0.category.rawValue, extensions: $0.extensions,
        validation: $0.validation.rawValue)
    }
    groups = FileFormat.groups.mapValues { $0.sorted() }
  }
}

extension Messages {
  func category(_ category: FileFormat.Category) -> String {
    switch category {
    case .photo: pick("Pictures (photo)", "Images (photo)")
    case .video: pick("Video (video)", "Vidéo (video)")
    case .audio: pick("Sound (audio)", "Son (audio)")
    case .document: pick("Documents (document)", "Documents (document)")
    case .mail: pick("Mail and contacts (mail)", "Courrier et contacts (mail)")
    case .archive: pick("Archives and disk images (archive)", "Archives et images disque (archive)")
    case .database: pick("Databases (database)", "Bases de données (database)")
    case .system: pick("Programs and system files (system)", "Programmes et système (system)")
    }
  }

  func format(_ format: FileFormat) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(1, width - text.count))
    }
    return "  " + padded(format.id, 10) + padded(format.name, 44) + padded(validation(format), 22)
      + format.extensions.joined(separator: " ")
  }

  /// The best that the format's examination can show.
  private func validation(_ format: FileFormat) -> String {
    switch format.validation {
    case .checksums: pick("checksums", "sommes de contrôle")
    case .decoding: pick("decoded to the end", "décodé jusqu'au bout")
    case .structure: pick("structure", "structure")
    case .grammar: pick("grammar", "grammaire")
    case .size: pick("size only", "taille seule")
    case .reasoning: pick("reasoned end", "fin déduite")
    }
  }

  func formats(_ formats: [FileFormat]) -> String {
    let types = language.number(Set(formats.flatMap(\.extensions)).count)
    let count = language.number(formats.count)
    return pick("\(types) types in \(count) formats", "\(types) types en \(count) formats")
  }
}
