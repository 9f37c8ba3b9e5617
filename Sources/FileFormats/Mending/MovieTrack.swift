// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A track of a movie whose index is made anew.
///
/// - Source: ISO/IEC 14496-12:2022, §8.3 "Track structure" to §8.7 "Track data layout structures".
struct MovieTrack {
  enum Kind { case video, sound }

  let kind: Kind
  /// The box `stsd`, as it stands.
  let description: [UInt8]
  /// Ticks of a second, and of one sample.
  let scale: UInt32
  let ticks: UInt32
  var width: UInt32 = 0
  var height: UInt32 = 0
  var matrix: [UInt8] = MovieTrack.upright
  /// Where each sample lies in the file.
  var samples: [Range<ByteOffset>] = []
  /// Of these a player can begin with, from 0; nil for all.
  var syncs: [Int]?
  /// How many samples later than decoded each one is shown; nil for none.
  var delays: [Int]?

  var duration: UInt64 { UInt64(clamping: samples.count) &* UInt64(ticks) }

  /// No turn, no mirror.
  static let upright: [UInt8] = [
    0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0x40, 0, 0, 0,
  ]

  /// Writes the box `trak`.
  func write(number: UInt32, movieScale: UInt32, to out: inout BoxWriter) {
    let shown = duration &* UInt64(movieScale) / UInt64(max(1, scale))
    out.box("trak") { trak in
      trak.full("tkhd", flags: 3) {
        $0.put(zeros: 8)
        $0.put(number)
        $0.put(zeros: 4)
        $0.put(UInt32(clamping: shown))
        $0.put(zeros: 12)
        $0.put(UInt16(kind == .sound ? 0x100 : 0))
        $0.put(UInt16(0))
        $0.put(matrix)
        $0.put(UInt32(truncatingIfNeeded: width << 16))
        $0.put(UInt32(truncatingIfNeeded: height << 16))
      }
      if let first = delays?.first, first > 0 {
        trak.box("edts") {
          $0.full("elst") {
            $0.put(UInt32(1))
            $0.put(UInt32(clamping: shown))
            $0.put(UInt32(clamping: UInt64(first) &* UInt64(ticks)))
            $0.put(UInt32(0x1_0000))
          }
        }
      }
      trak.box("mdia") { media in
        media.full("mdhd") {
          $0.put(zeros: 8)
          $0.put(scale)
          $0.put(UInt32(clamping: duration))
          $0.put(UInt32(0x55C4_0000))
        }
        media.full("hdlr") {
          $0.put(zeros: 4)
          $0.put(Array((kind == .video ? "vide" : "soun").utf8))
          $0.put(zeros: 13)
        }
        media.box("minf") { information in
          if kind == .video {
            information.full("vmhd", flags: 1) { $0.put(zeros: 8) }
          } else {
            information.full("smhd") { $0.put(zeros: 4) }
          }
          information.box("dinf") {
            $0.full("dref") {
              $0.put(UInt32(1))
              $0.full("url ", flags: 1) { _ in }
            }
          }
          information.box("stbl") { table in
            table.put(description)
            writeTables(to: &table)
          }
        }
      }
    }
  }

  private func writeTables(to out: inout BoxWriter) {
    let count = UInt32(clamping: samples.count)
    out.full("stts") {
      $0.put(UInt32(1))
      $0.put(count)
      $0.put(ticks)
    }
    if let delays {
      out.full("ctts") { writeDelays(delays, to: &$0) }
    }
    if let syncs {
      out.full("stss") {
        $0.put(UInt32(clamping: syncs.count))
        for sync in syncs { $0.put(UInt32(clamping: sync + 1)) }
      }
    }
    let chunks = self.chunks
    out.full("stsc") { writeRuns(chunks, to: &$0) }
    out.full("stsz") {
      let size = samples.first?.length.rawValue ?? 0
      let isConstant = samples.allSatisfy { $0.length.rawValue == size }
      $0.put(UInt32(clamping: isConstant ? size : 0))
      $0.put(count)
      if !isConstant { for sample in samples { $0.put(UInt32(clamping: sample.length.rawValue)) } }
    }
    let isFar = (samples.last?.upperBound ?? 0) >= ByteOffset(UInt64(UInt32.max))
    out.full(isFar ? "co64" : "stco") {
      $0.put(UInt32(clamping: chunks.count))
      for chunk in chunks {
        if isFar {
          $0.put(chunk.start.rawValue)
        } else {
          $0.put(UInt32(clamping: chunk.start.rawValue))
        }
      }
    }
  }

  private func writeDelays(_ delays: [Int], to out: inout BoxWriter) {
    var runs: [(count: UInt32, delay: Int)] = []
    for delay in delays {
      if runs.last?.delay == delay {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((1, delay))
      }
    }
    out.put(UInt32(clamping: runs.count))
    for run in runs {
      out.put(run.count)
      out.put(UInt32(clamping: UInt64(clamping: run.delay) &* UInt64(ticks)))
    }
  }

  /// Samples that lie one behind the other.
  private var chunks: [(start: ByteOffset, count: UInt32)] {
    var chunks: [(start: ByteOffset, count: UInt32)] = []
    var end: ByteOffset?
    for sample in samples {
      if end == sample.lowerBound {
        chunks[chunks.count - 1].count += 1
      } else {
        chunks.append((sample.lowerBound, 1))
      }
      end = sample.upperBound
    }
    return chunks
  }

  private func writeRuns(
    _ chunks: [(start: ByteOffset, count: UInt32)], to out: inout BoxWriter
  ) {
    var runs: [(first: UInt32, count: UInt32)] = []
    for (index, chunk) in chunks.enumerated() where runs.last?.count != chunk.count {
      runs.append((UInt32(clamping: index + 1), chunk.count))
    }
    out.put(UInt32(clamping: runs.count))
    for run in runs {
      out.put(run.first)
      out.put(run.count)
      out.put(UInt32(1))
    }
  }
}

/// The index of a movie, which says where each frame lies.
enum MovieIndex {
  private static let scale: UInt32 = 1000

  /// The box `moov` over some tracks.
  static func bytes(of tracks: [MovieTrack]) -> [UInt8] {
    let longest =
      tracks.map { $0.duration &* UInt64(scale) / UInt64(max(1, $0.scale)) }.max() ?? 0
    var out = BoxWriter()
    out.box("moov") { movie in
      movie.full("mvhd") {
        $0.put(zeros: 8)
        $0.put(scale)
        $0.put(UInt32(clamping: longest))
        $0.put(UInt32(0x1_0000))
        $0.put(UInt16(0x100))
        $0.put(zeros: 10)
        $0.put(MovieTrack.upright)
        $0.put(zeros: 24)
        $0.put(UInt32(clamping: tracks.count + 1))
      }
      for (index, track) in tracks.enumerated() {
        track.write(number: UInt32(clamping: index + 1), movieScale: scale, to: &movie)
      }
    }
    return out.bytes
  }
}
