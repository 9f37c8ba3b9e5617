// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// The name and the date of an MXF file, from its material package or its preface.
///
/// | Size | Field of a set | Unit                                                                |
/// |-----:|----------------|---------------------------------------------------------------------|
/// |    2 | tag            | 0x4402: name, 0x4405: created, 0x3B02: modified                      |
/// |    2 | length         | bytes                                                               |
/// |    … | value          | UTF-16; dates: u16 year, then month, day, hour, minute, second, 4 ms |
///
/// - Source: SMPTE ST 377-1:2019, annex A "Preface", annex B "Material Package".
struct MXFFacts {
  private static let preface: UInt8 = 0x2F
  private static let materialPackage: UInt8 = 0x36
  private static let longestSet: ByteCount = 0x1_0000

  private(set) var name: String?
  private var created: Timestamp?
  private var modified: Timestamp?

  var date: Timestamp? { created ?? modified }

  mutating func take(_ window: inout Window, _ packet: KLVPacket, number: UInt8) throws {
    guard [Self.preface, Self.materialPackage].contains(number),
      (packet.value..<packet.end).length <= Self.longestSet
    else { return }
    var position = packet.value
    while let value = try? position + 4, value <= packet.end {
      let tag = try window.big(UInt16.self, at: position)
      let length = try window.big(UInt16.self, at: position + 2)
      let next = try value + ByteCount(UInt64(length))
      guard next <= packet.end else { break }
      let bytes = try window.copy(at: value, count: Int(min(length, 512)))
      switch tag {
      case 0x4402: name = Self.text(bytes).flatMap { Self.isGeneric($0) ? nil : $0 }
      case 0x4405: created = Self.moment(bytes)
      case 0x3B02: modified = Self.moment(bytes)
      default: break
      }
      position = next
    }
  }

  private static func text(_ bytes: [UInt8]) -> String? {
    let units = stride(from: 0, to: bytes.count &- 1, by: 2).map { index in
      UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
    }
    return ContentText.trimmed(String(decoding: units.prefix { $0 != 0 }, as: UTF16.self))
  }

  /// Some writers name the package after its kind.
  private static func isGeneric(_ name: String) -> Bool { name.lowercased() == "material package" }

  private static func moment(_ bytes: [UInt8]) -> Timestamp? {
    guard bytes.count == 8 else { return nil }
    return Timestamp(
      year: Int(bytes[0]) << 8 | Int(bytes[1]), month: Int(bytes[2]), day: Int(bytes[3]),
      hour: Int(bytes[4]), minute: Int(bytes[5]), second: Int(bytes[6]))
  }
}
