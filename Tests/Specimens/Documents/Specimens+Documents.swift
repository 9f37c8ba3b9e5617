// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let documents: [Specimen] = [
    XMLSpecimens.all,
    JSONSpecimens.all,
    HTMLSpecimens.all,
    RTFSpecimens.all,
    PEMSpecimens.all,
    PostScriptSpecimens.all,
    LineTextSpecimens.all,
  ].flatMap { $0 }
}
