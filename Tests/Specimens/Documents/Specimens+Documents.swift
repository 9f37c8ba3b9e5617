// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let documents: [Specimen] = [
    PDFSpecimens.all,
    OLE2Specimens.all,
    OneNoteSpecimens.all,
    CHMSpecimens.all,
    MobipocketSpecimens.all,
    XMLSpecimens.all,
    JSONSpecimens.all,
    HTMLSpecimens.all,
    RTFSpecimens.all,
    PEMSpecimens.all,
    PostScriptSpecimens.all,
    LineTextSpecimens.all,
    EBookSpecimens.all,
    OldOfficeSpecimens.all,
    PackageSpecimens.all,
  ].flatMap(\.self)
}
