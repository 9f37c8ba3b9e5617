// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let documents: [Specimen] =
    PDFSpecimens.all + OLE2Specimens.all + OneNoteSpecimens.all + CHMSpecimens.all
    + MobipocketSpecimens.all + EBookSpecimens.all + OldOfficeSpecimens.all + PackageSpecimens.all
}
