// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What can be done for files that are damaged, by their format.
package enum Mending {
  /// How far a broken file reaches, where its format sees less of it than can be mended; nil elsewhere.
  package static func reach(
    of file: Source, _ format: FileFormat, _ examination: Examination
  ) throws -> ByteCount? {
    guard examination.end != .complete,
      examination.evidence.contains(.headerMatched(format.id))
    else { return nil }
    do {
      switch format.id {
      case "mp4": return try MovieRebuild.reach(of: file, behind: examination.length)
      case "png": return try PictureMend.reachOfPNG(file, behind: examination.length)
      default: return nil
      }
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
      case "jpg": return try PictureMend.jpeg(file)
      case "gif": return try PictureMend.gif(file)
      case "png": return try PictureMend.png(file)
      case "zip": return try ArchiveMend.zip(file)
      case "pdf": return try DocumentMend.pdf(file)
      case "sqlite": return try DatabaseMend.sqlite(file)
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
