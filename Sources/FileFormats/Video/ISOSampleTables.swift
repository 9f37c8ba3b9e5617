// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The sample tables of a movie: each chunk that they name must lie in the file's media data.
///
/// - Source: ISO/IEC 14496-12:2022, §8.2.2 `mvhd`, §8.4.3 `hdlr`, §8.7 `dref`, `stsz`, `stsc`, `stco`.
struct ISOSampleTables {
  private static let mostTracks = 256
  /// Seconds from 1904, where movies count from, to 1970.
  private static let epoch: Int64 = 2_082_844_800

  private let file: Source
  private let media: [Range<ByteOffset>]
  private var window: Window
  private(set) var date: Timestamp?
  private(set) var hasVideo = false
  private(set) var hasSound = false
  /// Where the last sample ends.
  private(set) var lastByte: ByteOffset = 0
  /// How much of the media a foreign block could not hide in.
  private(set) var checked: ByteCount = 0

  /// - Parameter media: where samples may lie, in order.
  init(_ file: Source, media: [Range<ByteOffset>]) {
    self.file = file
    self.media = media
    window = Window(file, span: 4096)
  }

  /// Checks a `moov` box; throws `Malformed` for samples that are not where they should be.
  mutating func check(_ movie: ISOBox) throws {
    lastByte = movie.end ?? 0
    let boxes = try movie.children(&window)
    if let header = boxes.first(where: { $0.type == "mvhd" }) { try takeDate(header) }
    guard boxes.contains(where: { ["mvhd", "cmov", "rmra"].contains($0.type) }) else {
      throw Malformed("ISO media", "a movie without header", at: movie.start)
    }
    for track in boxes.filter({ $0.type == "trak" }).prefix(Self.mostTracks) {
      try checkTrack(track)
    }
  }

  private mutating func takeDate(_ header: ISOBox) throws {
    let isLong = try window.byte(at: header.content) == 1
    let raw =
      try isLong
      ? window.big(UInt64.self, at: header.content + 4)
      : UInt64(window.big(UInt32.self, at: header.content + 4))
    guard raw > UInt64(Self.epoch), let seconds = Int64(exactly: raw) else { return }
    date = Timestamp(seconds: seconds - Self.epoch)
  }

  private mutating func checkTrack(_ track: ISOBox) throws {
    guard let mdia = try child("mdia", of: track) else { return }
    if let handler = try child("hdlr", of: mdia) {
      hasVideo = try window.holds(Array("vide".utf8), at: handler.content + 8) || hasVideo
      hasSound = try window.holds(Array("soun".utf8), at: handler.content + 8) || hasSound
    }
    guard let minf = try child("minf", of: mdia), let stbl = try child("stbl", of: minf),
      try isOwn(minf)
    else { return }
    let boxes = try stbl.children(&window)
    guard let sizes = boxes.first(where: { $0.type == "stsz" || $0.type == "stz2" }),
      let runs = boxes.first(where: { $0.type == "stsc" }),
      let offsets = boxes.first(where: { $0.type == "stco" || $0.type == "co64" })
    else { return }
    let units = try boxes.first { $0.type == "stsd" }.flatMap { try VideoUnits(&window, in: $0) }
    var samples = try ISOSamples(file, sizes: sizes, runs: runs, offsets: offsets)
    var checked: ByteCount = 0
    try samples.walk { chunk in
      try place(chunk)
    } sample: { sample in
      if let units { checked = try checked + units.check(&window, sample) }
    }
    self.checked = try self.checked + checked
  }

  /// A chunk must lie in the media data.
  private mutating func place(_ chunk: Range<ByteOffset>) throws {
    var low = 0
    var high = media.count
    while low < high {
      let middle = (low + high) / 2
      if media[middle].lowerBound <= chunk.lowerBound { low = middle + 1 } else { high = middle }
    }
    guard low > 0, chunk.upperBound <= media[low - 1].upperBound else {
      throw Malformed("ISO media", "samples lie outside the media data", at: chunk.lowerBound)
    }
    lastByte = max(lastByte, chunk.upperBound)
  }

  /// Whether the samples are in this file, not in another one.
  private mutating func isOwn(_ minf: ISOBox) throws -> Bool {
    guard let dinf = try child("dinf", of: minf), let dref = try child("dref", of: dinf) else {
      return true
    }
    return try window.big(UInt32.self, at: dref.content + 16) & 1 == 1
  }

  private mutating func child(_ type: String, of box: ISOBox) throws -> ISOBox? {
    try box.children(&window).first { $0.type == type }
  }
}
