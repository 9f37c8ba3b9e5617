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
    .matroska,
    .asf,
    .flv,
    .mpegProgram,
    .transport,
    .mxf,
    .swf,
    .realMedia,
    .ivf,
    .y4m,
    .dv,
    .bink,
    .smacker,
    .flic,
    .r3d,
    .dvdIndex,
    .mpegVideo,
    .h264,
    .h265,
  ]

  private static let audio: [FileFormat] = [
    .wav,
    .mp3,
  ]

  private static let documents: [FileFormat] = [
    .pdf,
    .ole2,
  ]

  private static let mail: [FileFormat] = []

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
