// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let archives: [Specimen] = [
    ZIPSpecimens.all,
    StreamSpecimens.all,
    ArchiveSpecimens.all,
    MoreArchiveSpecimens.all,
    TarSpecimens.all,
    RPMSpecimens.all,
    ISOImageSpecimens.all,
    CPIOSpecimens.all,
    UnixArchiveSpecimens.all,
    XARSpecimens.all,
    FileSystemSpecimens.all,
    WIMSpecimens.all,
    EWFSpecimens.all,
    DiskImageSpecimens.all,
    PAR2Specimens.all,
    DMGSpecimens.all,
  ].flatMap(\.self)
}
