// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What an Ogg stream carries, by the first bytes of its first packet.
///
/// - Source: IANA and Xiph.Org, *MIMETypesCodecs*.
enum OggStream {
  case vorbis, opus, speex, flac, theora, video, skeleton, other

  private static let marks: [([UInt8], OggStream)] = [
    ([1] + Array("vorbis".utf8), .vorbis), (Array("OpusHead".utf8), .opus),
    (Array("Speex   ".utf8), .speex), ([0x7F] + Array("FLAC".utf8), .flac),
    ([0x80] + Array("theora".utf8), .theora), (Array("BBCD".utf8), .video),
    (Array("OVP80".utf8), .video), ([1] + Array("video".utf8), .video),
    (Array("fishead".utf8), .skeleton),
  ]

  init(firstPacket: [UInt8]) {
    self = Self.marks.first { firstPacket.holds($0.0, at: 0) }?.1 ?? .other
  }

  /// The comments in the stream's second packet.
  func comment(in packet: [UInt8]) -> VorbisComment? {
    switch self {
    case .vorbis where packet.holds([3] + Array("vorbis".utf8), at: 0),
      .theora where packet.holds([0x81] + Array("theora".utf8), at: 0):
      VorbisComment(packet, at: 7)
    case .opus where packet.holds(Array("OpusTags".utf8), at: 0): VorbisComment(packet, at: 8)
    case .speex: VorbisComment(packet)
    case .flac where packet.first.map { $0 & 0x7F } == 4: VorbisComment(packet, at: 4)
    default: nil
    }
  }

  /// The extension that a file of such streams carries.
  static func type(of streams: Set<OggStream>) -> String {
    if !streams.isDisjoint(with: [.theora, .video]) { return "ogv" }
    let sounds = streams.intersection([.vorbis, .opus, .speex, .flac])
    switch sounds {
    case [.vorbis]: return "ogg"
    case [.opus]: return "opus"
    case [.speex]: return "spx"
    case []: return streams == [.other] ? "ogg" : "ogx"
    default: return "oga"
    }
  }
}
