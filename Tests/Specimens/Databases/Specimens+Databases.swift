// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let databases: [Specimen] = [
    SQLiteSpecimens.all, JetSpecimens.all, PSTSpecimens.all, DICOMSpecimens.all,
    PCAPSpecimens.all, BinaryPropertyListSpecimens.all, TableSpecimens.all, ScienceSpecimens.all,
    TorrentSpecimens.all, KeePassSpecimens.all, ParquetSpecimens.all, DBXSpecimens.all,
    ESESpecimens.all,
  ].flatMap { $0 }
}
