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
    .pnm,
    .tga,
    .emf,
    .wmf,
    .mrw,
    .x3f,
    .crw,
    .dwg,
    .dxf,
    .cdr,
    .glb,
    .blend,
    .fbx,
    .threeDS,
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
    .mpegVideo,
    .h264,
    .h265,
  ]

  private static let audio: [FileFormat] = [
    .wav,
    .flac,
    .ogg,
    .aiff,
    .svx,
    .amr,
    .ac3,
    .aac,
    .mp3,
    .tta,
    .wv,
    .midi,
    .rmi,
    .au,
    .caf,
    .w64,
    .dsf,
    .dff,
    .voc,
    .sf2,
    .dls,
    .qcp,
    .cda,
    .xm,
    .it,
    .s3m,
    .mod,
    .ape,
    .mpc,
    .tak,
    .dts,
    .thd,
    .flp,
  ]

  private static let documents: [FileFormat] = [
    .pdf,
    .ole2,
    .oneNote,
    .chm,
    .mobi,
  ]

  private static let mail: [FileFormat] = []

  private static let archives: [FileFormat] = [
    .zip,
    .gzip,
    .bzip2,
    .xz,
    .zstandard,
    .lzip,
    .lzma,
    .sevenZip,
    .rar,
    .lz4,
    .snappy,
    .cabinet,
    .arj,
    .lha,
    .lzop,
    .ace,
    .compress,
  ]

  private static let databases: [FileFormat] = [
    .sqlite,
  ]

  private static let system: [FileFormat] = [
    .shellLink,
    .eventLog,
    .registryHive,
    .prefetch,
    .minidump,
    .oldEventLog,
    .recycledFile,
    .sfnt,
    .ttc,
    .woff,
    .woff2,
    .eot,
    .javaClass,
    .elf,
    .program,
    .machO,
    .universal,
    .dex,
    .wasm,
    .mo,
  ]

  /// The formats whose files carry this extension (in lower case).
  package static func named(_ pathExtension: String) -> [FileFormat] {
    all.filter { $0.extensions.contains(pathExtension) }
  }
}
