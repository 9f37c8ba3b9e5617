// SPDX-License-Identifier: Apache-2.0

extension FileFormat {
  /// The category of a narrower type than the format's own.
  package static func category(ofType type: String, else format: FileFormat) -> Category {
    format.category(of: type)
  }

  /// The category of those files of the format that carry this extension.
  package func category(of type: String) -> Category {
    otherCategories.first { $0.value.contains(type) }?.key ?? category
  }

  /// All types that belong to `category`, for `--type photo`.
  package static func types(in category: Category) -> Set<String> {
    Set(all.flatMap { format in format.extensions.filter { format.category(of: $0) == category } })
  }
}
