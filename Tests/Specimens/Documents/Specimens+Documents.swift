// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let documents: [Specimen] = [
    XMLSpecimens.all,
    JSONSpecimens.all,
    HTMLSpecimens.all,
    RTFSpecimens.all,
  ].flatMap { $0 }
}
