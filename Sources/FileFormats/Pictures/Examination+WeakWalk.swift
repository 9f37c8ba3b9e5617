// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

extension Examination {
  /// Runs a walk over a file whose header may well be a chance match: where the walk ends early, nothing
  /// is left that would make a part of a file worth keeping.
  static func weakWalk(_ file: Source, _ body: () throws -> Examination) throws -> Examination {
    do {
      return try body()
    } catch let error as Malformed {
      return .broken(at: min(error.offset, file.range.upperBound), problem: error.problem)
    }
  }
}
