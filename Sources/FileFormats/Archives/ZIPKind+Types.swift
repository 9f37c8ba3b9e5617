// SPDX-License-Identifier: Apache-2.0

/// The signs by which types of archives are told.
///
/// - Source: OASIS, *OpenDocument 1.3*, part 2, §3.3 and appendix C; ECMA-376, part 1, §11.3 to §13.3
///   and the parts' content types; Microsoft, *[MS-OFFMACRO]*, *[MS-VSDX]*; each project's own
///   description for the rest.
extension ZIPKind {
  private static let openDocument = "application/vnd.oasis.opendocument."

  /// By the content of the member `mimetype`.
  static let mimeTypes = [
    openDocument + "text": "odt", openDocument + "text-template": "ott",
    openDocument + "text-master": "odm", openDocument + "text-web": "oth",
    openDocument + "spreadsheet": "ods", openDocument + "spreadsheet-template": "ots",
    openDocument + "presentation": "odp", openDocument + "presentation-template": "otp",
    openDocument + "graphics": "odg", openDocument + "graphics-template": "otg",
    openDocument + "chart": "odc", openDocument + "formula": "odf",
    openDocument + "image": "odi", openDocument + "base": "odb",
    openDocument + "database": "odb",
    "application/vnd.sun.xml.writer": "sxw", "application/vnd.sun.xml.writer.template": "stw",
    "application/vnd.sun.xml.calc": "sxc", "application/vnd.sun.xml.calc.template": "stc",
    "application/vnd.sun.xml.impress": "sxi", "application/vnd.sun.xml.draw": "sxd",
    "application/vnd.sun.xml.math": "sxm",
    "application/epub+zip": "epub", "application/x-ibooks+zip": "ibooks",
    "application/x-krita": "kra", "image/openraster": "ora", "application/hwp+zip": "hwpx",
    "application/vnd.adobe.indesign-idml-package": "idml",
    "application/vnd.recordare.musicxml": "mxl", "application/vnd.etsi.asic-e+zip": "asice",
    "application/vnd.etsi.asic-s+zip": "asics", "application/vnd.comicbook+zip": "cbz",
    "application/x-kword": "kwd", "application/x-kspread": "ksp",
    "application/x-kpresenter": "kpr", "application/vnd.openofficeorg.extension": "oxt",
  ]

  /// By what `[Content_Types].xml` says; the surer first.
  static let contentTypes = [
    ("wordprocessingml.document.main+xml", "docx"),
    ("ms-word.document.macroEnabled.main+xml", "docm"),
    ("wordprocessingml.template.main+xml", "dotx"),
    ("ms-word.template.macroEnabledTemplate.main+xml", "dotm"),
    ("spreadsheetml.sheet.main+xml", "xlsx"),
    ("ms-excel.sheet.macroEnabled.main+xml", "xlsm"),
    ("spreadsheetml.template.main+xml", "xltx"),
    ("ms-excel.template.macroEnabled.main+xml", "xltm"),
    ("ms-excel.sheet.binary.macroEnabled.main", "xlsb"),
    ("ms-excel.addin.macroEnabled.main+xml", "xlam"),
    ("presentationml.presentation.main+xml", "pptx"),
    ("ms-powerpoint.presentation.macroEnabled.main+xml", "pptm"),
    ("presentationml.slideshow.main+xml", "ppsx"),
    ("ms-powerpoint.slideshow.macroEnabled.main+xml", "ppsm"),
    ("presentationml.template.main+xml", "potx"),
    ("ms-powerpoint.template.macroEnabled.main+xml", "potm"),
    ("ms-visio.drawing.main+xml", "vsdx"),
    ("ms-visio.drawing.macroEnabled.main+xml", "vsdm"),
    ("ms-visio.template.main+xml", "vstx"), ("ms-visio.stencil.main+xml", "vssx"),
    ("ms-package.xps-fixeddocument", "xps"), ("ms-package.3dmanufacturing", "3mf"),
  ]

  /// Members that only one type has.
  static let names = [
    "AndroidManifest.xml": "apk", "BundleConfig.pb": "aab", "WEB-INF/web.xml": "war",
    "META-INF/application.xml": "ear", "install.rdf": "xpi", "META-INF/mozilla.rsa": "xpi",
    "doc.kml": "kmz", "designmap.xml": "idml", "collection.anki2": "apkg",
    "collection.anki21": "apkg", "sdb/sdb.eni": "enlx", "ComicInfo.xml": "cbz",
    "geogebra.xml": "ggb", "GuiDocument.xml": "fcstd", "Document.archive": "procreate",
    "extension.vsixmanifest": "vsix", "AppxManifest.xml": "appx", "DataModel": "pbix",
    "FixedDocSeq.fdseq": "xps", "FixedDocumentSequence.fdseq": "xps",
    "3D/3dmodel.model": "3mf", "previews/preview.png": "sketch",
    "Contents/header.xml": "hwpx", "Index/Presentation.iwa": "key",
  ]

  static let prefixes = [
    ("Index/Slide", "key"), ("Index/MasterSlide", "key"), ("Index/TemplateSlide", "key"),
    ("FusionAssetName", "f3d"),
  ].map { (prefix: $0.0, type: $0.1) }

  /// Folders of Office's packages, where the list of types is not there yet.
  static let folders = [
    ("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"), ("visio/", "vsdx"),
  ].map { (prefix: $0.0, type: $0.1) }

  /// Endings of members that do not lie in a folder.
  static let suffixes = [
    (".mscx", "mscz"), (".nuspec", "nupkg"), (".usdc", "usdz"), (".usda", "usdz"), (".kml", "kmz"),
  ].map { (suffix: $0.0, type: $0.1) }

  /// Endings of members that lie in a folder of any name.
  static let innerSuffixes = [
    (".dist-info/WHEEL", "whl"), ("EGG-INFO/PKG-INFO", "egg"), (".app/Info.plist", "ipa"),
  ].map { (suffix: $0.0, type: $0.1) }

  static let types = ["zip"] + documents + programs + pictures + ["3mf", "usdz", "fcstd", "f3d"]

  static let documents = [
    "docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "xltx", "xltm", "xlsb", "xlam", "pptx", "pptm",
    "ppsx", "ppsm", "potx", "potm", "vsdx", "vsdm", "vstx", "vssx", "xps", "odt", "ott", "odm",
    "oth", "ods", "ots", "odp", "otp", "odg", "otg", "odc", "odf", "odi", "odb", "sxw", "stw",
    "sxc", "stc", "sxi", "sxd", "sxm", "epub", "ibooks", "hwpx", "idml", "mxl", "mscz", "asice",
    "asics", "kwd", "ksp", "kpr", "pages", "numbers", "key", "kmz", "cbz", "apkg", "enlx", "ggb",
    "pbix",
  ]

  static let programs = [
    "jar", "war", "ear", "apk", "aab", "ipa", "xpi", "vsix", "appx", "nupkg", "whl", "egg", "oxt",
  ]

  static let pictures = ["kra", "ora", "sketch", "procreate"]
}
