// SPDX-License-Identifier: Apache-2.0

import Findings

/// Times as Windows counts them: steps of 100 nanoseconds since 1601-01-01 UTC.
///
/// - Source: Microsoft, *[MS-DTYP] Windows Data Types*, §2.3.3 "FILETIME".
enum WindowsTime {
  private static let secondsTo1970: UInt64 = 11_644_473_600
  private static let stepsInSecond: UInt64 = 10_000_000

  /// Nil for what is before 1970 or no moment at all.
  static func moment(_ steps: UInt64) -> Timestamp? {
    let seconds = steps / stepsInSecond
    guard seconds > secondsTo1970 else { return nil }
    return Timestamp(
      seconds: Int64(clamping: seconds - secondsTo1970),
      nanoseconds: Int64(clamping: steps % stepsInSecond) * 100)
  }
}
