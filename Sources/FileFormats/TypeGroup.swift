// SPDX-License-Identifier: Apache-2.0

extension FileFormat {
  /// Words for several types at once, beside the categories: `--type raw,office`.
  package static let groups: [String: Set<String>] = [
    "raw": [
      "dng", "nef", "nrw", "cr2", "cr3", "crw", "arw", "sr2", "srf", "pef", "orf", "rw2", "srw",
      "raf", "x3f", "mrw", "3fr", "erf", "kdc", "dcr", "mos", "iiq", "rwl",
    ],
    "office": [
      "doc", "docx", "docm", "dot", "dotx", "xls", "xlsx", "xlsm", "xlt", "ppt", "pptx", "pptm",
      "pps", "odt", "ods", "odp", "odg", "rtf", "pub", "vsd", "vsdx", "one", "mpp", "wpd", "wps",
      "pages", "numbers", "key", "hwp", "pdf",
    ],
    "ebook": ["epub", "mobi", "azw", "azw3", "prc", "pdb", "lit", "fb2", "chm", "djvu"],
    "disk": ["iso", "img", "dmg", "vmdk", "vhd", "vhdx", "vdi", "qcow2", "e01", "wim", "squashfs"],
    "font": ["ttf", "otf", "ttc", "woff", "woff2", "eot"],
    "vector": ["svg", "emf", "wmf", "eps", "ps", "ai", "dwg", "dxf", "cdr"],
    "contacts": ["vcf", "ics", "msg", "eml", "mbox", "pst", "ost"],
    "keys": ["pem", "gpg", "asc", "kdbx", "kdb", "p12", "ppk"],
  ]

  /// The types that a word of `--type` means: a category, a group, or a type by its extension; nil where
  /// nothing goes by that name.
  package static func types(meantBy word: String) -> Set<String>? {
    if let category = Category(rawValue: word) { return types(in: category) }
    if let group = groups[word] { return group }
    if let alias = aliases[word] { return types(in: alias) }
    let formats = named(word)
    return formats.isEmpty ? nil : [word]
  }

  private static let aliases: [String: Category] = [
    "picture": .photo, "image": .photo, "music": .audio, "sound": .audio, "text": .document,
    "program": .system, "compressed": .archive,
  ]
}
