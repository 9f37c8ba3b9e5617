// SPDX-License-Identifier: Apache-2.0

/// How often a value is met, so that the loop looks for the bytes of a signature that are rarest.
enum ByteFrequency {
  static let data = (UInt8.min...UInt8.max).map(inData)
  static let text = (UInt8.min...UInt8.max).map(inText)

  /// In programs, tables and compressed data: zeros and filler far more than the rest.
  private static func inData(_ value: UInt8) -> Double {
    switch value {
    case 0x00: 0.2
    case 0x20, 0xFF: 0.02
    default: 0.0035
    }
  }

  /// In prose and markup; letters in thousandths.
  private static func inText(_ value: UInt8) -> Double {
    switch value {
    case 0x20: 0.16
    case 0x61...0x7A: Double(letters[Int(value - 0x61)]) / 1000
    case 0x41...0x5A: Double(letters[Int(value - 0x41)]) / 12_000
    case 0x30...0x39: 0.01
    case 0x0A, 0x22, 0x2C, 0x2E, 0x2F, 0x3C, 0x3E, 0x3D, 0x2D: 0.01
    case 0x21...0x7E: 0.002
    case 0x80...0xFF: 0.001
    default: 0
    }
  }

  private static let letters = [
    67, 12, 22, 35, 100, 18, 16, 50, 57, 1, 6, 33, 20, 57, 62, 15, 1, 49, 52, 74, 23, 8, 19, 1, 16,
    1,
  ]
}
