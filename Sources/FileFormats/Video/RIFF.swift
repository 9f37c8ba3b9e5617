// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Wave sound, also RF64 and BW64 beyond 4 GiB.
  ///
  /// - Source: IBM and Microsoft, *Multimedia Programming Interface and Data Specifications 1.0*,
  ///   "Waveform Audio File Format"; EBU Tech 3306 for RF64;
  ///   ITU-R BS.2088 for BW64.
  package static let wav = FileFormat(
    id: "wav", name: "Wave sound", category: .audio, extensions: ["wav", "wave", "bwf"],
    validation: .size,
    signatures: [
      riffSignature("RIFF", "WAVE"), riffSignature("RF64", "WAVE"), riffSignature("BW64", "WAVE"),
    ],
    maximumSize: 0x20_0000_0000,
    resembles: RIFFChunk.resemblesFirst
  ) { file in
    try Examination.walk("wav", file) {
      var walk = RIFFWalk(file, id: "wav")
      return try walk.examination(proof: ["fmt "]) { try $0.wave() }
    }
  }

  /// Audio Video Interleave, with the further segments of OpenDML.
  ///
  /// - Source: Microsoft, *AVI RIFF File Reference*; Matrox, *OpenDML AVI File Format Extensions 1.02*.
  package static let avi = FileFormat(
    id: "avi", name: "AVI video", category: .video, extensions: ["avi", "divx"],
    validation: .structure,
    signatures: [riffSignature("RIFF", "AVI ")], maximumSize: 0x20_0000_0000,
    resembles: RIFFChunk.resemblesFirst
  ) { file in
    try Examination.walk("avi", file) {
      var walk = RIFFWalk(file, id: "avi")
      return try walk.examination(proof: ["hdrl"]) { try $0.video() }
    }
  }

  /// WebP pictures, animated or not.
  ///
  /// - Source: Google, *WebP Container Specification*.
  package static let webp = FileFormat(
    id: "webp", name: "WebP picture", category: .photo,
    validation: .structure,
    signatures: [riffSignature("RIFF", "WEBP")], maximumSize: 0x1000_0000,
    resembles: { bytes in
      RIFFChunk.resemblesFirst(bytes) && bytes.holds(Array("VP8".utf8), at: 12)
    }
  ) { file in
    try Examination.walk("webp", file) {
      var walk = RIFFWalk(file, id: "webp")
      return try walk.examination(proof: ["VP8 ", "VP8L", "VP8X", "ANMF"]) { try $0.picture() }
    }
  }

  private static func riffSignature(_ outer: String, _ form: String) -> Signature {
    let any = [Signature.Element](repeating: .init(0, mask: 0), count: 4)
    return Signature(
      masked: outer.utf8.map { Signature.Element($0) } + any
        + form.utf8.map { Signature.Element($0) })
  }
}
