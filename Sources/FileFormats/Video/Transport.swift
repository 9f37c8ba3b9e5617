// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// MPEG transport streams: packets of 188 bytes, or of 192 with a time in front (Blu-ray, AVCHD),
  /// which begin with a table of programs or services.
  ///
  /// - Source: ISO/IEC 13818-1:2019, §2.4; ETSI EN 300 468 for the tables of services; Blu-ray Disc
  ///   Association, *BDAV MPEG-2 Transport Stream* for 192 bytes.
  package static let transport = FileFormat(
    id: "ts", name: "MPEG transport stream", category: .video,
    extensions: ["ts", "m2ts", "mts", "m2t", "tod"], validation: .structure,
    signatures: [0x00, 0x10, 0x11, 0x12].map { signature($0, at: 0) }
      + [0x00, 0x11].map { signature($0, at: 4) },
    maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      TransportLayout(bytes).map { layout in
        guard let packet = TransportPacket(bytes, at: layout.offset), packet.hasPayload,
          packet.payload < TransportPacket.length - 16
        else { return false }
        // A pointer to a table: of programs, of the network, of services, of events.
        let table = layout.offset + packet.payload
        guard let pointer = try? bytes.little(UInt8.self, at: table), pointer == 0,
          let id = try? bytes.little(UInt8.self, at: table + 1),
          let flags = try? bytes.little(UInt8.self, at: table + 2)
        else { return false }
        let known: [UInt8] = packet.stream == 0 ? [0] : Array(0x40...0x6F) + [0x72]
        return known.contains(id) && flags & 0x80 == 0x80
      } ?? false
    }
  ) { file in
    var walk = TransportWalk(file)
    return try walk.examination()
  }

  /// The start of a unit of one of the low streams.
  private static func signature(_ stream: UInt8, at offset: Int) -> Signature {
    Signature(
      masked: [
        .init(TransportPacket.sync), .init(0x40), .init(stream), .init(0x10, mask: 0xD0),
      ], at: offset, alignment: 512)
  }
}
