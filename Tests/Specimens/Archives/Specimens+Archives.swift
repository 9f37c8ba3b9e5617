// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let archives: [Specimen] = [
    TarSpecimens.all, RPMSpecimens.all, ISOImageSpecimens.all, CPIOSpecimens.all,
    UnixArchiveSpecimens.all, XARSpecimens.all, FileSystemSpecimens.all, WIMSpecimens.all,
    EWFSpecimens.all, DiskImageSpecimens.all, PAR2Specimens.all, DMGSpecimens.all,
  ].flatMap { $0 }
}
