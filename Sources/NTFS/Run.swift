// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Clusters of a file that lie one behind the other.
///
/// In a list, each is a byte with the lengths of two numbers, then the numbers: how many clusters, and
/// how far from the start of the run before they start. No second number: a hole. A zero ends the list.
///
/// - Source: Carrier, *File System Forensic Analysis*, ch. 13, "Non-resident Attributes".
struct Run: Hashable, Sendable {
  /// The place in the file, in clusters.
  let first: UInt64
  /// The place on the volume; nil for a hole.
  let cluster: UInt64?
  let count: UInt64

  /// The furthest that a file or a volume reaches, in clusters.
  private static let furthest: UInt64 = 1 << 52

  /// The list that starts at `offset`; nil where it is broken.
  static func list(in bytes: [UInt8], from offset: Int, first: UInt64) -> [Run]? {
    var runs: [Run] = []
    var at = offset
    var place: Int64 = 0
    var position = first
    guard first < furthest else { return nil }
    while let header = try? bytes.little(UInt8.self, at: at), header != 0 {
      let lengthWidth = Int(header & 15)
      let placeWidth = Int(header >> 4)
      guard (1...8).contains(lengthWidth), placeWidth <= 8,
        let length = number(bytes, at: at + 1, width: lengthWidth),
        let step = number(bytes, at: at + 1 + lengthWidth, width: placeWidth),
        length > 0, length < Int64(furthest), position + UInt64(length) < furthest
      else { return nil }
      if placeWidth == 0 {
        runs.append(Run(first: position, cluster: nil, count: UInt64(length)))
      } else {
        let (sum, overflow) = place.addingReportingOverflow(step)
        guard !overflow, sum >= 0, sum < Int64(furthest) else { return nil }
        place = sum
        runs.append(Run(first: position, cluster: UInt64(sum), count: UInt64(length)))
      }
      position += UInt64(length)
      at += 1 + lengthWidth + placeWidth
    }
    return at < bytes.count ? runs : nil
  }

  private static func number(_ bytes: [UInt8], at offset: Int, width: Int) -> Int64? {
    guard width > 0 else { return 0 }
    guard let digits = try? bytes.copy(at: offset, count: width), let top = digits.last else {
      return nil
    }
    var value: Int64 = top >= 0x80 ? -1 : 0
    for digit in digits.reversed() { value = value << 8 | Int64(digit) }
    return value
  }
}
