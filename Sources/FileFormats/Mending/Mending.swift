// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What can be done for files that are damaged, by their format.
package enum Mending {
  /// How far a broken file reaches, where its format sees less of it than can be mended; nil elsewhere.
  package static func reach(
    of file: Source, _ format: FileFormat, _ examination: Examination
  ) throws -> ByteCount? {
    guard format.id == "mp4", examination.end != .complete,
      examination.evidence.contains(.headerMatched("mp4"))
    else { return nil }
    do {
      return try MovieRebuild.reach(of: file, behind: examination.length)
    } catch is Truncated {
      return nil
    }
  }

  /// What lets a damaged file of a format be opened; nil where nothing does, or nothing is needed.
  ///
  /// - Parameter references: whole movies of the same source.
  package static func mend(
    _ file: Source, format: String, references: [MovieReference]
  ) throws -> Mend? {
    do {
      switch format {
      case "mp4": return try MovieRebuild.mend(file, references: references)
      default: return nil
      }
    } catch is Truncated {
      return nil
    } catch is Malformed {
      return nil
    } catch is Overflow {
      return nil
    }
  }
}
