// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where a movie's index says that its frames begin, and so what must stand in each part of the file: of
/// H.264 and H.265 alone, whose units state their lengths.
package struct MovieTables: Sendable {
  private static let mostSamples = 4_000_000
  private static let longestIndex: UInt64 = 0x400_0000

  /// Where the index ends.
  package let end: ByteOffset
  /// The samples, in order of offset, without overlap.
  private let samples: [Range<ByteOffset>]

  /// Where a file's media data lie and where its index begins, read from its first boxes alone; nil where
  /// these do not tell.
  package static func layout(of file: Source) -> (media: Range<ByteOffset>, index: ByteOffset)? {
    var window = Window(file, span: 512)
    var position: ByteOffset = 0
    var index: ByteOffset?
    for _ in 0..<32 {
      guard let box = try? ISOBox(&window, at: position), let end = box.end else { return nil }
      switch box.type {
      case "mdat":
        let media = box.content..<max(box.content, end)
        return (media, index ?? end)
      case "moov": index = box.start
      case "ftyp", "free", "skip", "wide", "uuid", "pnot", "PICT": break
      default: return nil
      }
      position = end
    }
    return nil
  }

  /// Reads the index at `place`; nil where none stands there, or none that these media data could have.
  ///
  /// - Parameter file: the file as far as it is known: what is read lies in the index alone.
  package init?(_ file: Source, at place: ByteOffset, media: Range<ByteOffset>) {
    var window = Window(file, span: 4096)
    guard let movie = try? ISOBox(&window, at: place), movie.type == "moov", let end = movie.end,
      (movie.start..<end).length.rawValue <= Self.longestIndex
    else { return nil }
    var all: [Range<ByteOffset>] = []
    var reach = media.lowerBound
    var first = media.upperBound
    do {
      let boxes = try movie.children(&window)
      guard boxes.contains(where: { $0.type == "mvhd" }) else { return nil }
      for track in boxes.filter({ $0.type == "trak" }).prefix(64) {
        guard let media = try track.children(&window).first(where: { $0.type == "mdia" }),
          let information = try media.children(&window).first(where: { $0.type == "minf" }),
          let table = try information.children(&window).first(where: { $0.type == "stbl" })
        else { continue }
        let tables = try table.children(&window)
        guard let sizes = tables.first(where: { $0.type == "stsz" }),
          let runs = tables.first(where: { $0.type == "stsc" }),
          let offsets = tables.first(where: { $0.type == "stco" || $0.type == "co64" }),
          let entry = tables.first(where: { $0.type == "stsd" })
        else { continue }
        let units = try VideoUnits(&window, in: entry)
        var walk = try ISOSamples(file, sizes: sizes, runs: runs, offsets: offsets)
        try walk.walk { chunk in
          first = min(first, chunk.lowerBound)
          reach = max(reach, chunk.upperBound)
        } sample: { sample in
          guard all.count < Self.mostSamples else {
            throw Malformed("ISO media", "too many samples", at: place)
          }
          if units?.hasLongLengths ?? false, sample.length >= 5 { all.append(sample) }
        }
      }
    } catch {
      return nil
    }
    // It names places in these media data, from their beginning to near their end.
    guard first >= media.lowerBound, reach <= media.upperBound,
      (media.lowerBound..<first).length <= 0x10_0000,
      (reach..<media.upperBound).length <= 0x10_0000
    else { return nil }
    all.sort { $0.lowerBound < $1.lowerBound }
    for (left, right) in zip(all, all.dropFirst()) where left.upperBound > right.lowerBound {
      return nil
    }
    self.end = end
    samples = all
  }

  /// Whether no frame's beginning can be checked.
  package var isEmpty: Bool { samples.isEmpty }

  /// The beginnings of frames in a part of the file.
  private func heads(in part: Range<ByteOffset>) -> ArraySlice<Range<ByteOffset>> {
    var low = 0
    var high = samples.count
    while low < high {
      let middle = (low + high) / 2
      if samples[middle].lowerBound < part.lowerBound { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < samples.count, samples[end].lowerBound.advancedClamped(by: 5) <= part.upperBound {
      end += 1
    }
    return samples[low..<end]
  }

  /// Whether a frame begins in a part of the file.
  package func canCheck(_ part: Range<ByteOffset>) -> Bool { !heads(in: part).isEmpty }

  /// How well bytes suit a part of the file.
  package enum Fit: Sendable {
    /// A frame that begins there does not consist of units.
    case none
    /// Units begin there, as other frames' might.
    case loose
    /// A frame's units end where it does.
    case sure
  }

  /// Whether the bytes of `ground` from `place` on may be a part of the file.
  package func fit(
    _ part: Range<ByteOffset>, in ground: Source, at place: ByteOffset
  ) throws -> Fit {
    var window = Window(ground, span: 64)
    var fit = Fit.loose
    for sample in heads(in: part) {
      var position = sample.lowerBound
      for _ in 0..<16
      where position < sample.upperBound && position.advancedClamped(by: 5) <= part.upperBound {
        let own = place.advancedClamped(by: (part.lowerBound..<position).length)
        let length = UInt64(try window.big(UInt32.self, at: own))
        let next = position.advancedClamped(by: ByteCount(length + 4))
        guard length > 0, next <= sample.upperBound, try window.byte(at: own + 4) & 0x80 == 0
        else { return .none }
        position = next
      }
      if position == sample.upperBound { fit = .sure }
    }
    return fit
  }
}
