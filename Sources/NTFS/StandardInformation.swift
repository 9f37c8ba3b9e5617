// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A file's times and attributes.
///
///     0x00  u64  created   0x08  u64  modified   0x10  u64  record changed   0x18  u64  accessed
///     0x20  u32  attributes; 4: system
///
/// - Source: Carrier, *File System Forensic Analysis*, ch. 13, "$STANDARD_INFORMATION Attribute".
struct StandardInformation: Hashable, Sendable {
  let times: Times
  let isSystem: Bool

  init?(_ bytes: [UInt8]) {
    guard let flags = try? bytes.little(UInt32.self, at: 0x20) else { return nil }
    times = Times(fileTimes: bytes, at: 0)
    isSystem = flags & 4 != 0
  }
}

extension Times {
  /// Four moments in units of 100 nanoseconds since 1601: created, modified, changed, accessed.
  init(fileTimes bytes: [UInt8], at offset: Int) {
    func moment(_ index: Int) -> Timestamp? {
      guard let ticks = try? bytes.little(UInt64.self, at: offset + 8 * index), ticks > 0,
        let signed = Int64(exactly: ticks)
      else { return nil }
      return Timestamp(
        seconds: signed / 10_000_000 - 11_644_473_600,
        nanoseconds: signed % 10_000_000 * 100)
    }
    self.init(
      created: moment(0), modified: moment(1), changed: moment(2), accessed: moment(3))
  }
}
