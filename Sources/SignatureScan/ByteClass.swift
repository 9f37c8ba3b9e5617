// SPDX-License-Identifier: Apache-2.0

/// A set of byte values.
struct ByteClass: Hashable {
  private(set) var words: SIMD4<UInt64> = .zero
  /// The low and the high nibbles of the members: what a loop that looks up nibbles goes by.
  private var low: UInt16 = 0
  private var high: UInt16 = 0
  /// How often a member is met in binary data, and in text.
  private(set) var inData = 0.0
  private(set) var inText = 0.0

  static let any: ByteClass = {
    var all = ByteClass()
    for value in UInt8.min...UInt8.max { all.insert(value) }
    return all
  }()

  init() {}

  init(_ element: Signature.Element) {
    if element.mask == 0 {
      self = .any
      return
    }
    if element.mask == 0xFF {
      insert(element.value)
      return
    }
    for value in UInt8.min...UInt8.max where value & element.mask == element.value {
      insert(value)
    }
  }

  /// In ascending order.
  var members: [UInt8] {
    var result: [UInt8] = []
    for index in 0..<4 {
      var rest = words[index]
      while rest != 0 {
        result.append(UInt8(64 * index + rest.trailingZeroBitCount))
        rest &= rest - 1
      }
    }
    return result
  }

  /// How often a member of either is met, in binary data and in text.
  func frequency(with other: Self) -> (inData: Double, inText: Double) {
    var sum = (inData: inData, inText: inText)
    for index in 0..<4 {
      var added = other.words[index] & ~words[index]
      while added != 0 {
        let value = UInt8(64 * index + added.trailingZeroBitCount)
        sum.inData += ByteFrequency.data[Int(value)]
        sum.inText += ByteFrequency.text[Int(value)]
        added &= added - 1
      }
    }
    return sum
  }

  /// Whether the union of both would contain a value by nibbles.
  func containsByNibbles(_ value: UInt8, with other: Self) -> Bool {
    (low | other.low) >> UInt16(value & 15) & 1 == 1
      && (high | other.high) >> UInt16(value >> 4) & 1 == 1
  }

  var count: Int {
    words[0].nonzeroBitCount + words[1].nonzeroBitCount + words[2].nonzeroBitCount
      + words[3].nonzeroBitCount
  }

  func contains(_ value: UInt8) -> Bool {
    words[Int(value >> 6)] >> UInt64(value & 63) & 1 == 1
  }

  mutating func insert(_ value: UInt8) {
    guard !contains(value) else { return }
    inData += ByteFrequency.data[Int(value)]
    inText += ByteFrequency.text[Int(value)]
    words[Int(value >> 6)] |= 1 << UInt64(value & 63)
    low |= 1 << UInt16(value & 15)
    high |= 1 << UInt16(value >> 4)
  }

  func union(_ other: Self) -> Self {
    var result = self
    for index in 0..<4 {
      var added = other.words[index] & ~words[index]
      while added != 0 {
        result.insert(UInt8(64 * index + added.trailingZeroBitCount))
        added &= added - 1
      }
    }
    return result
  }

  /// Whether some member has this low nibble, and some member this high nibble: what a loop that
  /// looks up nibbles takes for a member.
  func containsByNibbles(_ value: UInt8) -> Bool {
    low >> UInt16(value & 15) & 1 == 1 && high >> UInt16(value >> 4) & 1 == 1
  }
}
