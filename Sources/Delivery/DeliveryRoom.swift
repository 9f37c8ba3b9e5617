// SPDX-License-Identifier: Apache-2.0

import Bytes

/// How much room a delivery takes on its target, rounded up as its file system does.
struct DeliveryRoom {
  /// What each file and folder takes a multiple of.
  let unit: ByteCount

  /// A size on FAT is a number of 32 bits.
  static let longestOnFAT: ByteCount = 0xFFFF_FFFF

  /// - Parameters:
  ///   - files: those still to be copied.
  ///   - listed: how many the manifest lists.
  ///   - pictures: how many the gallery shows.
  func needed(for files: [DeliveryFile], listed: Int, pictures: Int) -> ByteCount {
    var sum: ByteCount = 0
    for file in files { sum = sum.addingClamped(rounded(file.size)) }
    let folders = Set(files.map { $0.components.dropLast() }).count
    // Pages, lists (a kilobyte a file is much) and scripts, and a small picture each.
    let tags = UInt64(clamping: listed) * 1024 + UInt64(clamping: pictures) * 0x8000 + 0x2_0000
    return sum.addingClamped(rounded(ByteCount(tags)))
      .addingClamped(
        ByteCount(
          unit.rawValue.multipliedReportingOverflow(
            by: UInt64(clamping: folders + 16)
          ).partialValue))
  }

  private func rounded(_ size: ByteCount) -> ByteCount {
    let rest = size.rawValue % max(unit.rawValue, 1)
    return rest == 0 ? size : size.addingClamped(ByteCount(unit.rawValue - rest))
  }
}
