// SPDX-License-Identifier: Apache-2.0

extension FileFormat {
  /// All formats, in the order in which they are tried where signatures agree.
  package static let all: [FileFormat] = [
    // Pictures, video, sound
    .jpeg,
    .png,
    .gif,
    .webp,
    .wav,
    .avi,
    .isoMedia,
    .tiff,
    .raf,
    .mp3,
    // Documents, archives, databases
    .pdf,
    .zip,
    .ole2,
    .sqlite,
    .gzip,
  ]

  /// The formats whose files carry this extension (in lower case).
  package static func named(_ pathExtension: String) -> [FileFormat] {
    all.filter { $0.extensions.contains(pathExtension) }
  }
}
