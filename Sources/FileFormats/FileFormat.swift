// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

/// A kind of file: how it starts, how large it may be, and how it is checked. A value without state.
package struct FileFormat: Sendable {
  package enum Category: String, Sendable, CaseIterable {
    case photo, video, audio, document, mail, archive, database, system
  }

  /// The usual extension, in lower case: what `--type` takes and carved files end in.
  package let id: String
  /// What people call it, in English.
  package let name: String
  package let category: Category
  /// Extensions that files of this format carry, in lower case, `id` among them.
  package let extensions: [String]
  package let signatures: [Signature]
  package let maximumSize: ByteCount
  /// A few comparisons on a hit's first bytes that sort out chance matches before `examine` is
  /// asked: given the bytes from the file's start on, as many as lie at hand (at least 512 unless
  /// the source ends; a longer look may be cut short, and then must answer true).
  package let resembles: @Sendable (RawSpan) -> Bool
  private let examination: @Sendable (Source) throws -> Examination

  package init(
    id: String, name: String, category: Category, extensions: [String] = [],
    signatures: [Signature], maximumSize: ByteCount,
    resembles: @escaping @Sendable (RawSpan) -> Bool = { _ in true },
    examine: @escaping @Sendable (Source) throws -> Examination
  ) {
    self.id = id
    self.name = name
    self.category = category
    self.extensions = extensions.contains(id) ? extensions : [id] + extensions
    self.signatures = signatures
    self.maximumSize = maximumSize
    self.resembles = resembles
    examination = examine
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
    do {
      return try examination(file)
    } catch is Truncated {
      return .truncated(at: ByteOffset(file.length))
    } catch is Overflow {
      return .broken(at: 0, problem: "a size points beyond any disk")
    } catch let error as Malformed {
      return .broken(at: error.offset, problem: error.problem)
    } catch let error as Unsupported {
      return .broken(at: 0, problem: "not handled: \(error.feature)")
    }
  }
}
