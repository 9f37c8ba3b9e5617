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
  ]

  private static let mail: [FileFormat] = []

  private static let archives: [FileFormat] = [
    .zip,
    .gzip,
    .tar,
    .rpm,
    .iso,
    .cpio,
    .unixArchive,
    .xar,
    .squashFS,
    .cramFS,
    .wim,
    .ewf,
    .vmdk,
    .vhd,
    .vhdx,
    .vdi,
    .qcow2,
    .androidSparse,
    .par2,
    .dmg,
  ]

  private static let databases: [FileFormat] = [
    .sqlite,
    .sqliteLog,
    .sqliteJournal,
    .jet,
    .pst,
    .dicom,
    .pcap,
    .pcapng,
    .binaryPropertyList,
    .berkeleyDB,
    .dbf,
    .keePass,
    .hdf5,
    .netCDF,
    .torrent,
    .parquet,
    .dbx,
    .ese,
  ]

  private static let system: [FileFormat] = []

  /// The formats whose files carry this extension (in lower case).
  package static func named(_ pathExtension: String) -> [FileFormat] {
    all.filter { $0.extensions.contains(pathExtension) }
  }
}
