// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let archives: [Specimen] =
    TarSpecimens.all + RPMSpecimens.all + ISOImageSpecimens.all
}
