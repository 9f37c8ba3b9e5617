// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

/// A kind of file: how it starts, how large it may be, and how it is checked. A value without state.
package struct FileFormat: Sendable {
  package enum Category: String, Sendable, CaseIterable {
    case photo, video, audio, document, mail, archive, database, system
  }

  /// What an examination goes by, from the strongest proof to the weakest: the best that it can show.
  package enum Validation: String, Sendable, CaseIterable {
    /// Checksums over all of the content.
    case checksums
    /// The content is decoded to its end.
    case decoding
    /// Sizes, offsets, counts and links agree up to the end.
    case structure
    /// Text that keeps to its grammar up to the end.
    case grammar
    /// The header states or implies the size; the content cannot be told from foreign bytes.
    case size
    /// Nothing marks the end: it is where the content stops looking like itself.
    case reasoning
  }

  /// The usual extension, in lower case: what `--type` takes and carved files end in.
  package let id: String
  /// What people call it, in English.
  package let name: String
  package let category: Category
  /// Extensions that files of this format carry, in lower case, `id` among them.
  package let extensions: [String]
  /// Extensions whose files belong to another category than the format's own: an e-book in a ZIP
  /// archive is a document, not an archive.
  package let otherCategories: [Category: [String]]
  package let validation: Validation
  package let signatures: [Signature]
  package let maximumSize: ByteCount
  /// A few comparisons on a hit's first bytes that sort out chance matches before `examine` is
  /// asked: given the bytes from the file's start on, as many as lie at hand (at least 512 unless
  /// the source ends; a longer look may be cut short, and then must answer true).
  package let resembles: @Sendable (RawSpan) -> Bool
  private let examination: @Sendable (Source) throws -> Examination
  private let walk: (@Sendable (Source) throws -> Checkpoint?)?

  package init(
    id: String, name: String, category: Category, extensions: [String] = [],
    otherCategories: [Category: [String]] = [:], validation: Validation,
    signatures: [Signature], maximumSize: ByteCount,
    resembles: @escaping @Sendable (RawSpan) -> Bool = { _ in true },
    checkpoint: (@Sendable (Source) throws -> Checkpoint?)? = nil,
    examine: @escaping @Sendable (Source) throws -> Examination
  ) {
    self.id = id
    self.name = name
    self.category = category
    self.extensions = extensions.contains(id) ? extensions : [id] + extensions
    self.otherCategories = otherCategories
    self.validation = validation
    self.signatures = signatures
    self.maximumSize = maximumSize
    self.resembles = resembles
    examination = examine
    walk = checkpoint
  }

  /// Whether one of the signatures stands where a file that begins with `head` has it.
  package func isRecognised(in head: [UInt8]) -> Bool {
    signatures.contains { signature in
      signature.elements.enumerated().allSatisfy { index, element in
        let position = signature.offset + index
        return position < head.count && head[position] & element.mask == element.value
      }
    }
  }

  /// Follows the structure from offset zero and says where it ends or stops being valid.
  ///
  /// Throws `ReadError` only; damage is a result.
  package func examine(_ file: Source) throws -> Examination {
    try Self.examine(file, examination)
  }

  /// What is known behind `head`, which is the beginning of a file.
  package func checkpoint(behind head: Source) -> Checkpoint {
    (try? walk?(head)) ?? Checkpoint(examination)
  }

  static func examine(
    _ file: Source, _ examination: (Source) throws -> Examination
  ) throws -> Examination {
    do {
      return try examination(file).bounded(by: file)
    } catch is Truncated {
      return .truncated(at: ByteOffset(file.length))
    } catch is Overflow {
      return .broken(at: 0, problem: "a size points beyond any disk")
    } catch let error as Malformed {
      // What a file names may lie beyond the bytes that there are.
      return .broken(at: min(error.offset, file.range.upperBound), problem: error.problem)
    } catch let error as Unsupported {
      return .broken(at: 0, problem: "not handled: \(error.feature)")
    }
  }
}
