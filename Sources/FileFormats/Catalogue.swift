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
    .bmp,
    .os2,
    .ico,
    .dcx,
    .pcx,
    .psd,
    .jp2,
    .j2k,
    .jxl,
    .jxr,
    .icns,
    .djvu,
    .ilbm,
    .mng,
    .qoi,
    .dds,
    .hdr,
    .exr,
    .sun,
    .sgi,
    .dpx,
    .cineon,
    .fits,
    .xcf,
    .ktx,
    .psp,
    .ani,
    .bpg,
    .xwd,
    .xpm,
    .pnm,
    .tga,
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
