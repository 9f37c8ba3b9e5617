// SPDX-License-Identifier: Apache-2.0

/// A set of byte values.
struct ByteClass: Hashable {
  private(set) var words: SIMD4<UInt64> = .zero
  /// The low and the high nibbles of the members: what a loop that looks up nibbles goes by.
  private var low: UInt16 = 0
  private var high: UInt16 = 0

  static let any: ByteClass = {
    var all = ByteClass()
    for value in UInt8.min...UInt8.max { all.insert(value) }
    return all
  }()

  init() {}

  init(_ element: Signature.Element) {
    for value in UInt8.min...UInt8.max where value & element.mask == element.value {
      insert(value)
    }
  }

  var members: [UInt8] { (UInt8.min...UInt8.max).filter(contains) }

  var count: Int {
    words[0].nonzeroBitCount + words[1].nonzeroBitCount + words[2].nonzeroBitCount
      + words[3].nonzeroBitCount
  }

  func contains(_ value: UInt8) -> Bool {
    words[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1
  }

  mutating func insert(_ value: UInt8) {
    words[Int(value >> 6)] |= 1 << UInt64(value & 63)
    low |= 1 << UInt16(value & 15)
    high |= 1 << UInt16(value >> 4)
  }

  func union(_ other: Self) -> Self {
    var result = self
    result.words |= other.words
    result.low |= other.low
    result.high |= other.high
    return result
  }

  /// Whether some member has this low nibble, and some member this high nibble: what a loop that
  /// looks up nibbles takes for a member.
  func containsByNibbles(_ value: UInt8) -> Bool {
    low >> UInt16(value & 15) & 1 == 1 && high >> UInt16(value >> 4) & 1 == 1
  }

  /// How often a member is met on disks: zeros and filler far more than the rest.
  var frequency: Double {
    let zero = Double(words[0] & 1)
    let filler = Double(words[0] >> 32 & 1) + Double(words[3] >> 63)
    let letters = Double((words[1] & Self.letters).nonzeroBitCount)
    return 0.30 * zero + 0.03 * filler + 0.012 * letters
      + 0.004 * (Double(count) - zero - filler - letters)
  }

  /// a to z, in the second word.
  private static let letters: UInt64 = 0x07FF_FFFE_0000_0000
}
