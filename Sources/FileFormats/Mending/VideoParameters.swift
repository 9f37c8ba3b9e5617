// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The parameter sets of a video, without which no slice of it can be read.
struct VideoParameters: Sendable, Equatable {
  enum Codec: Sendable { case h264, h265 }

  let codec: Codec
  /// The units as they stand in a file: of the video (H.265), of sequences, of pictures.
  private(set) var units: [[UInt8]] = []
  private var avcSequences: [UInt32: AVCSequence] = [:]
  private var avcPictures: [UInt32: AVCPicture] = [:]
  private var hevcSequences: [UInt32: HEVCSequence] = [:]
  private var hevcPictures: [UInt32: HEVCPicture] = [:]

  init(_ codec: Codec) { self.codec = codec }

  /// Whether there is enough to read slices by.
  var isComplete: Bool {
    codec == .h264
      ? avcPictures.values.contains { avcSequences[$0.sequence] != nil }
      : hevcPictures.values.contains { hevcSequences[$0.sequence] != nil }
  }

  /// Width and height of the picture, in pixels.
  var size: (width: UInt32, height: UInt32) {
    if let first = avcSequences.min(by: { $0.key < $1.key })?.value {
      return (first.width, first.height)
    }
    if let first = hevcSequences.min(by: { $0.key < $1.key })?.value {
      return (first.width, first.height)
    }
    return (0, 0)
  }

  /// Frames in a time scale, where a sequence states them: ticks of one frame, ticks of a second.
  var rate: (ticks: UInt32, scale: UInt32)? {
    avcSequences.min { $0.key < $1.key }?.value.rate
  }

  /// What the head of an H.265 sequence says of its profile, for a description.
  var hevcSequence: HEVCSequence? { hevcSequences.min { $0.key < $1.key }?.value }

  /// The kind of unit by its first byte.
  func type(of head: UInt8) -> UInt8 { codec == .h264 ? head & 0x1F : head >> 1 & 0x3F }

  /// Takes up a set of parameters; false for any other unit, or one that cannot be read.
  mutating func take(_ unit: [UInt8]) -> Bool {
    guard let head = unit.first, units.count < 64, unit.count <= 4096 else { return false }
    do {
      switch (codec, type(of: head)) {
      case (.h264, 7):
        let sequence = try AVCSequence(unit)
        avcSequences[sequence.id] = sequence
      case (.h264, 8):
        let picture = try AVCPicture(unit)
        avcPictures[picture.id] = picture
      case (.h265, 32): break
      case (.h265, 33):
        let sequence = try HEVCSequence(unit)
        hevcSequences[sequence.id] = sequence
      case (.h265, 34):
        let picture = try HEVCPicture(unit)
        hevcPictures[picture.id] = picture
      default: return false
      }
    } catch {
      return false
    }
    if !units.contains(unit) { units.append(unit) }
    return true
  }

  /// The head of a slice; nil where none of these parameters allows it. Without any, what all slices have
  /// in common is checked.
  func slice(_ unit: [UInt8]) -> VideoSlice? {
    guard !units.isEmpty else { return anySlice(unit) }
    switch codec {
    case .h264: return try? AVCSlice.parse(unit, avcSequences, avcPictures)
    case .h265: return try? HEVCSlice.parse(unit, hevcSequences, hevcPictures)
    }
  }

  private func anySlice(_ unit: [UInt8]) -> VideoSlice? {
    guard let head = unit.first else { return nil }
    var slice = VideoSlice()
    if codec == .h264 {
      var bits = UnitBits(unit, skipping: 1)
      slice.isSync = type(of: head) == 5
      guard let first = try? bits.number(upTo: 139_263), let kind = try? bits.number(upTo: 9),
        (try? bits.number(upTo: 255)) != nil, !slice.isSync || [2, 4].contains(kind % 5)
      else { return nil }
      slice.isFirst = first == 0
    } else {
      var bits = UnitBits(unit, skipping: 2)
      slice.isSync = (16...21).contains(type(of: head))
      slice.isFirst = (try? bits.bit()) ?? false
    }
    return slice
  }
}
