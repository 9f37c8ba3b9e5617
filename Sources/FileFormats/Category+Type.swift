// SPDX-License-Identifier: Apache-2.0

extension FileFormat {
  /// The category of a narrower type than the format's own: an e-book in a ZIP archive is a
  /// document, not an archive.
  package static func category(ofType type: String, else format: FileFormat) -> Category {
    narrower[type] ?? format.category
  }

  /// All types that belong to `category`, for `--type photo`.
  package static func types(in category: Category) -> Set<String> {
    let own = all.filter { $0.category == category }.flatMap(\.extensions)
    let moved = narrower.filter { $0.value == category }.map(\.key)
    let away = narrower.filter { $0.value != category }.map(\.key)
    return Set(own).subtracting(away).union(moved)
  }

  private static let narrower: [String: Category] = [
    "docx": .document, "xlsx": .document, "pptx": .document, "odt": .document, "ods": .document,
    "odp": .document, "epub": .document, "pages": .document, "numbers": .document,
    "key": .document, "doc": .document, "xls": .document, "ppt": .document, "vsd": .document,
    "pub": .document, "msg": .mail, "jar": .system, "apk": .system, "zip": .archive,
    "heic": .photo, "heif": .photo, "avif": .photo, "cr3": .photo, "m4a": .audio, "m4b": .audio,
    "wav": .audio, "avi": .video, "webp": .photo, "mov": .video, "mp4": .video, "3gp": .video,
    "dng": .photo, "nef": .photo, "cr2": .photo, "arw": .photo, "ai": .document,
  ]
}
