// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The tracks of a Matroska file: their numbers and kinds, and how H.264 and H.265 pictures are
/// divided.
///
/// - Source: RFC 9559, §5.1.4 "Tracks Element".
struct MatroskaTracks {
  private enum Kind: UInt64 {
    case video = 1
    case sound = 2
    case subtitle = 0x11
  }
  private static let mostTracks = 1024

  private var numbers = Set<UInt64>()
  private var kinds = Set<UInt64>()
  private var units: [UInt64: VideoUnits] = [:]

  var isEmpty: Bool { numbers.isEmpty }

  func contains(_ number: UInt64) -> Bool { numbers.contains(number) }

  /// The units of a track's pictures; nil for other codecs.
  func units(of number: UInt64) -> VideoUnits? { units[number] }

  /// The type by what the tracks are.
  var type: String {
    if kinds.contains(Kind.video.rawValue) || kinds.isEmpty { return "mkv" }
    if kinds.contains(Kind.sound.rawValue) { return "mka" }
    return kinds.contains(Kind.subtitle.rawValue) ? "mks" : "mkv"
  }

  /// Reads the `Tracks` element.
  mutating func take(_ window: inout Window, _ element: EBMLElement) throws {
    var tracks = self
    try element.eachChild(&window) { window, entry in
      guard entry.id == 0xAE, tracks.numbers.count < Self.mostTracks else { return }
      try tracks.takeEntry(&window, entry)
    }
    self = tracks
  }

  private mutating func takeEntry(_ window: inout Window, _ entry: EBMLElement) throws {
    var number: UInt64?
    var codec: String?
    var configuration: [UInt8] = []
    var isPlain = true
    var kind: UInt64?
    try entry.eachChild(&window) { window, child in
      switch child.id {
      case 0xD7: number = try child.number(&window)
      case 0x83: kind = try child.number(&window)
      case 0x86: codec = ContentText.text(try child.bytes(&window))
      case 0x63A2: configuration = try child.bytes(&window, limit: 64)
      // Compressed or encrypted frames.
      case 0x6D80: isPlain = false
      default: break
      }
    }
    guard let number else { return }
    numbers.insert(number)
    if let kind { kinds.insert(kind) }
    let place: Int? = codec == "V_MPEG4/ISO/AVC" ? 4 : codec == "V_MPEGH/ISO/HEVC" ? 21 : nil
    if isPlain, let place, configuration.first == 1, place < configuration.count {
      units[number] = VideoUnits(lengthWidth: Int(configuration[place] & 3) + 1)
    }
  }
}
