// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a whole movie tells of others that the same camera made: how its frames are described, how long each
/// is shown, how its sound is stored.
package struct MovieReference: Sendable, Equatable {
  struct Sound: Sendable, Equatable {
    let description: [UInt8]
    let codec: String
    let scale: UInt32
    let ticks: UInt32
    /// Bytes of a sample where all have the same.
    let sampleSize: UInt32
  }

  /// No index is read that is larger, and no description taken that is.
  private static let mostDescription = 0x1_0000

  let parameters: VideoParameters
  let description: [UInt8]
  let scale: UInt32
  let ticks: UInt32
  let matrix: [UInt8]
  let sound: Sound?
  /// The box `ftyp`.
  let brands: [UInt8]
  /// What stands before the first slice: messages, by which encoders and their settings are known.
  let lead: [UInt8]

  /// Reads a whole file; nil where it is no H.264 or H.265 whose units have lengths of four bytes.
  package init?(_ file: Source) {
    do {
      var window = Window(file, span: 4096)
      var position: ByteOffset = 0
      var brands: [UInt8] = []
      var movie: ISOBox?
      for _ in 0..<256 where movie == nil && position < file.range.upperBound {
        let box = try ISOBox(&window, at: position)
        guard let end = box.end else { break }
        if box.type == "ftyp" {
          brands = try window.copy(
            at: box.start, count: Int(clamping: min(1024, (box.start..<end).length.rawValue)))
        }
        if box.type == "moov" { movie = box }
        position = end
      }
      guard let movie else { return nil }
      var video: Track?
      var sound: Track?
      for box in try movie.children(&window).filter({ $0.type == "trak" }).prefix(32) {
        guard let track = try? Track(&window, in: box) else { continue }
        if track.handler == "vide", video == nil { video = track }
        if track.handler == "soun", sound == nil { sound = track }
      }
      guard let video, let parameters = VideoParameters(description: video.description),
        video.ticks > 0
      else { return nil }
      self.parameters = parameters
      description = video.description
      scale = video.scale
      ticks = video.ticks
      matrix = video.matrix
      self.brands = brands
      lead = (try? Self.lead(of: file, at: video.firstChunk, parameters)) ?? []
      self.sound = sound.map {
        Sound(
          description: $0.description,
          codec: String(decoding: $0.description.dropFirst(20).prefix(4), as: UTF8.self),
          scale: $0.scale, ticks: max(1, $0.ticks), sampleSize: $0.sampleSize)
      }
    } catch {
      return nil
    }
  }

  /// The units before the first slice, as far as 4 KiB.
  static func lead(
    of file: Source, at start: ByteOffset, _ parameters: VideoParameters
  ) throws -> [UInt8] {
    var reader = UnitReader(file, parameters)
    var position = start
    while position < start.advancedClamped(by: 4096),
      let unit = try reader.unit(at: position, limit: file.range.upperBound), unit.slice == nil
    {
      position = unit.range.upperBound
    }
    return try file.readPrefix(at: start, count: min(4096, (start..<position).length))
  }

  /// A track of a whole movie.
  private struct Track {
    let handler: String
    let description: [UInt8]
    let scale: UInt32
    let ticks: UInt32
    let sampleSize: UInt32
    let firstChunk: ByteOffset
    var matrix = MovieTrack.upright

    init?(_ window: inout Window, in track: ISOBox) throws {
      let boxes = try track.children(&window)
      if let header = boxes.first(where: { $0.type == "tkhd" }) {
        let isLong = try window.byte(at: header.content) == 1
        matrix = try window.copy(at: header.content + (isLong ? 52 : 40), count: 36)
      }
      guard let media = boxes.first(where: { $0.type == "mdia" }) else { return nil }
      let parts = try media.children(&window)
      guard let header = parts.first(where: { $0.type == "mdhd" }),
        let kind = parts.first(where: { $0.type == "hdlr" }),
        let information = parts.first(where: { $0.type == "minf" }),
        let table = try information.children(&window).first(where: { $0.type == "stbl" })
      else { return nil }
      let isLong = try window.byte(at: header.content) == 1
      scale = try window.big(UInt32.self, at: header.content + (isLong ? 20 : 12))
      handler = String(decoding: try window.copy(at: kind.content + 8, count: 4), as: UTF8.self)
      let tables = try table.children(&window)
      guard let entry = tables.first(where: { $0.type == "stsd" }), let end = entry.end,
        let times = tables.first(where: { $0.type == "stts" }),
        let sizes = tables.first(where: { $0.type == "stsz" }),
        let offsets = tables.first(where: { $0.type == "stco" || $0.type == "co64" }),
        (entry.start..<end).length.rawValue <= UInt64(MovieReference.mostDescription), scale > 0
      else { return nil }
      description = try window.copy(
        at: entry.start, count: Int(clamping: (entry.start..<end).length.rawValue))
      sampleSize = try window.big(UInt32.self, at: sizes.content + 4)
      ticks = try Self.commonest(&window, times)
      let place = try offsets.content + 8
      firstChunk =
        try offsets.type == "co64"
        ? ByteOffset(window.big(UInt64.self, at: place))
        : ByteOffset(UInt64(window.big(UInt32.self, at: place)))
    }

    /// How long most samples are shown.
    private static func commonest(_ window: inout Window, _ times: ISOBox) throws -> UInt32 {
      var votes: [UInt32: UInt64] = [:]
      for row in 0..<UInt64(min(4096, try window.big(UInt32.self, at: times.content + 4))) {
        let place = try times.content + 8 + ByteCount(8) * row
        let count = try window.big(UInt32.self, at: place)
        votes[try window.big(UInt32.self, at: place + 4), default: 0] += UInt64(count)
      }
      return votes.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? 0
    }
  }
}
