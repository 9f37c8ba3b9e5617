// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let pictures: [Specimen] =
    PNGSpecimens.all + MetafileSpecimens.all + DWGSpecimens.all + CameraRawSpecimens.all
    + SceneSpecimens.all
}
