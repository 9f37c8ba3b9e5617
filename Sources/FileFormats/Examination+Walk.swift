// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

extension Examination {
  /// Runs a walk over a file whose header is known to match, so that a walk which ends early keeps
  /// that evidence: `Truncated` becomes a file that ends with its bytes, `Malformed` one that breaks
  /// where it says.
  static func walk(
    _ id: String, _ file: Source, _ body: () throws -> Examination
  ) throws -> Examination {
    do {
      return try body()
    } catch is Truncated {
      return .truncated(at: ByteOffset(file.length), evidence: [.headerMatched(id)])
    } catch let error as Malformed {
      // What a file names may lie beyond the bytes that there are.
      let result = Examination.broken(
        at: min(error.offset, file.range.upperBound), problem: error.problem,
        evidence: [.headerMatched(id)])
      return error.noticed.map { result.doubtful(from: error.offset, to: $0) } ?? result
    } catch is Overflow {
      return .broken(
        at: 0, problem: "a size points beyond any disk", evidence: [.headerMatched(id)])
    }
  }

  /// A file whose structure holds up to its end.
  static func whole(_ id: String, _ name: String, end: ByteOffset, and more: [Evidence] = [])
    -> Self
  {
    .complete(
      at: end,
      evidence: [
        .headerMatched(id), .structureHolds(format: name, length: ByteCount(end.rawValue)),
      ] + more)
  }
}
