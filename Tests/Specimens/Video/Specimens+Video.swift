// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let video: [Specimen] =
    RIFFVideoSpecimens.all + ISOMediaSpecimens.all + MatroskaSpecimens.all + ASFSpecimens.all
    + FLVSpecimens.all + MPEGProgramSpecimens.all + TransportSpecimens.all + MXFSpecimens.all
    + SWFSpecimens.all + RealMediaSpecimens.all + PlainVideoSpecimens.all + GameVideoSpecimens.all
}
