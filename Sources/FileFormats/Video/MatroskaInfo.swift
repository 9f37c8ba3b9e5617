// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What a Matroska file says about itself.
///
/// - Source: RFC 9559, §5.1.2 "Info Element".
struct MatroskaInfo {
  /// Seconds from 1970 to 2001, where dates count from.
  private static let epoch: Int64 = 978_307_200

  private(set) var isPresent = false
  private(set) var title: String?
  private(set) var date: Timestamp?

  mutating func take(_ window: inout Window, _ element: EBMLElement) throws {
    var info = self
    info.isPresent = true
    try element.eachChild(&window) { window, child in
      switch child.id {
      case 0x7BA9: info.title = ContentText.text(try child.bytes(&window))
      case 0x4461: info.date = Self.moment(try child.bytes(&window, limit: 8))
      default: break
      }
    }
    self = info
  }

  private static func moment(_ bytes: [UInt8]) -> Timestamp? {
    guard let nanoseconds = try? bytes.big(Int64.self, at: 0) else { return nil }
    return Timestamp(
      seconds: epoch &+ nanoseconds / 1_000_000_000, nanoseconds: nanoseconds % 1_000_000_000)
  }
}
