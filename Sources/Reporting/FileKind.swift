// SPDX-License-Identifier: Apache-2.0

/// Kinds of files as people speak of them. The raw values are those of the categories of formats.
package enum FileKind: String, Sendable, CaseIterable {
  case photo, video, audio, document, mail, archive, database, system, other

  func word(_ language: Language) -> String {
    switch self {
    case .photo: language.pick("Photos and pictures", "Photos et images")
    case .video: language.pick("Films", "Vidéos")
    case .audio: language.pick("Music and sound", "Musique et sons")
    case .document: language.pick("Documents", "Documents")
    case .mail: language.pick("Mail and contacts", "Courrier et contacts")
    case .archive: language.pick("Archives", "Archives")
    case .database: language.pick("Databases", "Bases de données")
    case .system: language.pick("Programs and settings", "Programmes et réglages")
    case .other: language.pick("Other files", "Autres fichiers")
    }
  }
}
