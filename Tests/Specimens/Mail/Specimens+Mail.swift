// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let mail: [Specimen] = [
    EMLSpecimens.all,
    MBOXSpecimens.all,
    VCardSpecimens.all,
  ].flatMap { $0 }
}
