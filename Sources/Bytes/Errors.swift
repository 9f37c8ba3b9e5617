// SPDX-License-Identifier: Apache-2.0

/// Arithmetic on positions and sizes that came from a disk left the 64-bit range.
@usableFromInline package struct Overflow: Error, Equatable {
  @inlinable package init() {}
}

/// A structure reaches beyond the bytes that are there.
@usableFromInline package struct Truncated: Error, Equatable {
  @inlinable package init() {}
}

/// Bytes that break the specification of the structure they should be.
package struct Malformed: Error, Equatable, CustomStringConvertible {
  package let structure: String
  package let problem: String
  package let offset: ByteOffset
  /// Where it was noticed, where that is not the same: what is wrong stands somewhere before.
  package let noticed: ByteOffset?

  /// - Parameter offset: where in the structure, or in its source, the problem lies.
  package init(
    _ structure: String, _ problem: String, at offset: ByteOffset = 0, noticed: ByteOffset? = nil
  ) {
    self.structure = structure
    self.problem = problem
    self.offset = offset
    self.noticed = noticed
  }

  package var description: String {
    "\(structure): \(problem) (at 0x\(String(offset.rawValue, radix: 16, uppercase: true)))"
  }
}

/// Valid bytes that ask for something that is not handled: encryption, an unknown version.
package struct Unsupported: Error, Equatable {
  package let feature: String
  package init(_ feature: String) { self.feature = feature }
}

/// An error that a technician can act on: what happened, where, and what to do next.
package protocol Explained: Error {
  var what: String { get }
  var place: String { get }
  var advice: String { get }
}

/// The medium did not deliver `range` (in bytes of the medium).
package struct ReadError: Explained, Equatable {
  package let source: String
  package let range: Range<ByteOffset>

  package init(source: String, range: Range<ByteOffset>) {
    self.source = source
    self.range = range
  }

  package var what: String { "cannot read \(range.length.rawValue) bytes" }
  package var place: String { "\(source), from sector \(range.lowerBound.rawValue / 512)" }
  package var advice: String { "the disk may be failing: image it first, then use the image" }
}
