// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let archives: [Specimen] =
    ZIPSpecimens.all + StreamSpecimens.all + ArchiveSpecimens.all
    + MoreArchiveSpecimens.all
}
