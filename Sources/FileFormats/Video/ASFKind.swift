// SPDX-License-Identifier: Apache-2.0

/// The kinds of objects and streams of an ASF file that matter here.
///
/// - Source: Microsoft, *Advanced Systems Format (ASF) Specification 01.20.05*, §10 "ASF GUIDs".
enum ASFKind: String, CaseIterable {
  case header = "75B22630-668E-11CF-A6D9-00AA0062CE6C"
  case data = "75B22636-668E-11CF-A6D9-00AA0062CE6C"
  case simpleIndex = "33000890-E5B1-11CF-89F4-00A0C90349CB"
  case index = "D6E229D3-35DA-11D1-9034-00A0C90349BE"
  case mediaIndex = "FEB103F8-12AD-4C64-840F-2A1D2F7AD48C"
  case timecodeIndex = "3CB73FD0-0C4A-4803-953D-EDF7B6228F0C"
  case metadata = "BE7ACFCB-97A9-42E8-9C71-999491E3AFAC"
  case fileProperties = "8CABDCA1-A947-11CF-8EE4-00C00C205365"
  case streamProperties = "B7DC0791-A9B7-11CF-8EE6-00C00C205365"
  case contentDescription = "75B22633-668E-11CF-A6D9-00AA0062CE6C"
  case headerExtension = "5FBF03B5-A92E-11CF-8EE3-00C00C205365"
  case sound = "F8699E40-5B4D-11CF-A8FD-00805F5C442B"
  case video = "BC19EFC0-5B4D-11CF-A8FD-00805F5C442B"

  private static let byBytes = Dictionary(
    uniqueKeysWithValues: allCases.map { ($0.bytes, $0) })

  init?(guid: [UInt8]) {
    guard let kind = Self.byBytes[guid] else { return nil }
    self = kind
  }

  /// The sixteen bytes: the first three numbers are little-endian.
  var bytes: [UInt8] {
    let parts = rawValue.split(separator: "-").map { part in
      stride(from: 0, to: part.count, by: 2).compactMap { index in
        UInt8(part.dropFirst(index).prefix(2), radix: 16)
      }
    }
    return parts.prefix(3).flatMap { $0.reversed() } + parts.dropFirst(3).flatMap(\.self)
  }

  /// Whether it may stand behind the data.
  var isTrailer: Bool {
    switch self {
    case .simpleIndex, .index, .mediaIndex, .timecodeIndex, .metadata: true
    default: false
    }
  }
}
