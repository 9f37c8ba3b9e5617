// SPDX-License-Identifier: Apache-2.0

/// Bytes that mark a kind of file or structure, and where they stand in it.
package struct Signature: Hashable, Sendable {
  /// One byte of a signature: the bits of `mask` must equal those of `value`.
  package struct Element: Hashable, Sendable {
    package let value: UInt8
    package let mask: UInt8
    package init(_ value: UInt8, mask: UInt8 = 0xFF) {
      self.value = value & mask
      self.mask = mask
    }
  }

  package let elements: [Element]
  /// How far from the start of the file the signature stands.
  package let offset: Int
  /// The file starts at a multiple of this (a power of two): 1 for any offset. Weak signatures,
  /// of two or three bytes, are only believed at sector starts.
  package let alignment: Int

  package init(_ bytes: [UInt8], at offset: Int = 0, alignment: Int = 1) {
    self.init(masked: bytes.map { Element($0) }, at: offset, alignment: alignment)
  }

  /// A signature of ASCII text.
  package init(_ text: StaticString, at offset: Int = 0, alignment: Int = 1) {
    self.init(Array(text.description.utf8), at: offset, alignment: alignment)
  }

  /// A signature with bytes that may vary.
  package init(masked elements: [Element], at offset: Int = 0, alignment: Int = 1) {
    self.elements = elements
    self.offset = offset
    self.alignment = alignment
  }
}
