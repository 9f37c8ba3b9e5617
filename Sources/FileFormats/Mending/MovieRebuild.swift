// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Makes the index of a movie anew, where it was lost or never written: from the units of its own frames, read
/// by the parameter sets that stand among them, in what is left of the index, or in other movies of the
/// same camera.
package enum MovieRebuild {
  /// A way to read the frames.
  private struct Reading {
    let parameters: VideoParameters
    var reference: MovieReference?
    /// Whether the parameter sets are the file's own.
    var isOwn = false
  }

  /// Frames by which ways are told apart.
  private static let probe = 48
  /// Parameter sets among the frames are looked for so far.
  private static let ownSearch: ByteCount = 0x20_0000
  private static let mostReadings = 32

  /// What makes the file play; nil where its frames cannot be read.
  ///
  /// - Parameter references: whole movies, the likeliest first.
  package static func mend(_ file: Source, references: [MovieReference]) throws -> Mend? {
    guard let layout = try MovieLayout(file) else { return nil }
    let limit = min(layout.statedEnd ?? file.range.upperBound, file.range.upperBound)
    guard layout.content < limit else { return nil }
    let media = layout.content..<limit
    guard let reading = try best(file, media, layout, references) else { return nil }
    var walk = SampleWalk(file, reading.parameters, in: media)
    try walk.run()
    guard !walk.samples.isEmpty else { return nil }
    let end = end(of: walk, in: media, isStated: layout.statedEnd == limit)
    let gaps = walk.gaps + (walk.end < end ? [walk.end..<end] : [])
    let tracks = tracks(walk, gaps, reading)
    guard !tracks.isEmpty else { return nil }
    var mend = Mend(
      reading.isOwn ? .movieIndex : .movieIndexByReference, kept: ByteCount(end.rawValue),
      added: MovieIndex.bytes(of: tracks))
    mend.patches = layout.patches
    if layout.statedEnd != end {
      guard let patch = layout.patch(end: end) else { return nil }
      mend.patches.removeAll { $0.start >= patch.start }
      mend.patches.append(patch)
    }
    return mend
  }

  /// Behind the last frame stands sound as a rule, as long as between others.
  private static func end(
    of walk: SampleWalk, in media: Range<ByteOffset>, isStated: Bool
  ) -> ByteOffset {
    guard isStated else { return walk.end }
    let widest = walk.gaps.map(\.length).max() ?? 0
    let rest = (walk.end..<media.upperBound).length
    return rest.rawValue <= max(0x1_0000, widest.rawValue &* 2) ? media.upperBound : walk.end
  }

  private static func tracks(
    _ walk: SampleWalk, _ gaps: [Range<ByteOffset>], _ reading: Reading
  ) -> [MovieTrack] {
    let reference = reading.reference
    guard let description = reference?.description ?? reading.parameters.description else {
      return []
    }
    let rate = reading.parameters.rate
    var video = MovieTrack(
      kind: .video, description: description, scale: reference?.scale ?? rate?.scale ?? 30,
      ticks: reference?.ticks ?? rate?.ticks ?? 1)
    video.samples = walk.samples.map(\.range)
    (video.width, video.height) = reading.parameters.size
    if let reference { video.matrix = reference.matrix }
    let syncs = walk.samples.indices.filter { walk.samples[$0].slice.isSync }
    video.syncs = syncs.count == walk.samples.count ? nil : syncs
    video.delays = PictureOrder.delays(of: walk.samples)
    var tracks = [video]
    if let sound = reference?.sound, let track = MovieSound.track(sound, in: gaps) {
      tracks.append(track)
    }
    return tracks
  }

  /// How far a movie without an index reaches, where its boxes do not say; nil where no media data follow.
  ///
  /// - Parameter known: how far it is sound.
  static func reach(of file: Source, behind known: ByteCount) throws -> ByteCount? {
    guard let layout = try MovieLayout(file), layout.content >= ByteOffset(known) else {
      return nil
    }
    if let end = layout.statedEnd, end <= file.range.upperBound { return ByteCount(end.rawValue) }
    var farthest = layout.content
    for codec in [VideoParameters.Codec.h264, .h265] {
      var walk = SampleWalk(
        file, VideoParameters(codec), in: layout.content..<file.range.upperBound)
      try walk.run()
      if walk.samples.count > 1 { farthest = max(farthest, walk.end) }
    }
    return farthest > layout.content ? ByteCount(farthest.rawValue) : nil
  }

  // MARK: ways to read

  /// The way that makes sense of most bytes; of equals, the one whose encoder wrote the same messages.
  private static func best(
    _ file: Source, _ media: Range<ByteOffset>, _ layout: MovieLayout,
    _ references: [MovieReference]
  ) throws -> Reading? {
    var readings = try own(file, media, layout)
    for reference in references.prefix(mostReadings) {
      readings.append(Reading(parameters: reference.parameters, reference: reference))
    }
    var best: (rank: [UInt64], reading: Reading)?
    for reading in readings {
      var walk = SampleWalk(file, reading.parameters, in: media)
      try walk.run(most: probe)
      guard let first = walk.samples.first else { continue }
      var isSame = false
      if let reference = reading.reference {
        let lead = try MovieReference.lead(
          of: file, at: first.range.lowerBound, reference.parameters)
        isSame = lead == reference.lead
      }
      let rank = [
        UInt64(clamping: walk.samples.count), reading.isOwn || isSame ? 1 : 0,
        reading.reference?.brands == layout.brands ? 1 : 0, walk.covered,
      ]
      if best.map({ $0.rank.lexicographicallyPrecedes(rank) }) ?? true { best = (rank, reading) }
    }
    return best?.reading
  }

  /// Parameter sets that stand among the frames, and those in what is left of an index.
  private static func own(
    _ file: Source, _ media: Range<ByteOffset>, _ layout: MovieLayout
  ) throws -> [Reading] {
    var readings: [Reading] = []
    for place in try file.places(of: Array("stsd".utf8), in: layout.leftovers, most: 8)
    where place.rawValue >= 4 {
      let head = ByteOffset(place.rawValue - 4)
      let size = UInt64(try file.big(UInt32.self, at: head))
      guard (16...0x1_0000).contains(size) else { continue }
      let box = try file.readPrefix(at: head, count: ByteCount(size))
      if let parameters = VideoParameters(description: box) {
        readings.append(Reading(parameters: parameters, isOwn: true))
      }
    }
    let stop = min(media.upperBound, media.lowerBound.advancedClamped(by: ownSearch))
    for codec in [VideoParameters.Codec.h264, .h265] {
      if let parameters = try ParameterSearch.parameters(file, media.lowerBound..<stop, codec) {
        readings.append(Reading(parameters: parameters, isOwn: true))
      }
    }
    return readings
  }
}
