// SPDX-License-Identifier: Apache-2.0

extension FileFormat {
  /// All formats, in the order in which they are tried where signatures agree.
  package static let all: [FileFormat] =
    pictures + video + audio + documents + mail + archives + databases + system

  private static let pictures: [FileFormat] = [
    .jpeg,
    .png,
    .gif,
    .webp,
    .tiff,
    .raf,
  ]

  private static let video: [FileFormat] = [
    .avi,
    .isoMedia,
  ]

  private static let audio: [FileFormat] = [
    .wav,
    .mp3,
  ]

  private static let documents: [FileFormat] = [
    .pdf,
    .ole2,
    .xml,
    .json,
    .html,
    .rtf,
    .pem,
    .postScript,
    .dosEPS,
    .settings,
    .srt,
    .vtt,
    .playlist,
    .script,
    .patch,
    .latex,
    .sqlDump,
    .ldif,
  ]

  private static let mail: [FileFormat] = [
    .eml,
    .mbox,
    .vcard,
    .calendar,
  ]

  private static let archives: [FileFormat] = [
    .zip,
    .gzip,
  ]

  private static let databases: [FileFormat] = [
    .sqlite
  ]

  private static let system: [FileFormat] = []

  /// The formats whose files carry this extension (in lower case).
  package static func named(_ pathExtension: String) -> [FileFormat] {
    all.filter { $0.extensions.contains(pathExtension) }
  }
}
