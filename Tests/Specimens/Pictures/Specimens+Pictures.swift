// SPDX-License-Identifier: Apache-2.0

extension Specimens {
  static let pictures: [Specimen] = [
    PNGSpecimens.all,
    JPEGSpecimens.all,
    GIFSpecimens.all,
    TIFFSpecimens.all,
    WebPSpecimens.all,
    BMPSpecimens.all,
    OS2IconSpecimens.all,
    ICOSpecimens.all,
    PCXSpecimens.all,
    TGASpecimens.all,
    PSDSpecimens.all,
    JPEG2000Specimens.all,
    JPEGXLSpecimens.all,
    XCFSpecimens.all,
    BoxedPictureSpecimens.all,
    CodedPictureSpecimens.all,
    PlainPictureSpecimens.all,
    MetafileSpecimens.all,
    DWGSpecimens.all,
    CameraRawSpecimens.all,
    SceneSpecimens.all,
  ].flatMap(\.self)
}
