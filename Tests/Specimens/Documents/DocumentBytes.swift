// SPDX-License-Identifier: Apache-2.0

enum DocumentBytes {
  /// Parts one behind the other.
  static func joined(_ parts: [UInt8]...) -> [UInt8] { parts.flatMap { $0 } }
}
