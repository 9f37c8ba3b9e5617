// SPDX-License-Identifier: Apache-2.0

/// A canonical prefix code: the shorter a code and the lower its symbol, the lower its bits.
struct HuffmanCode: Sendable {
  /// Codes have at most as many bits.
  static let longest = 16
  /// Codes of up to so many bits are found by one look.
  private static let quickBits = 9

  /// By the bits that follow: the symbol times 16, plus the length of its code; 0: a longer one.
  private var quick: [UInt16]
  /// All symbols that have a code, in the order of their codes.
  private var symbols: [UInt16] = []
  /// For each length, the first code that is longer, filled up to 16 bits …
  private var ends: [UInt32] = [0]
  /// … and the place in `symbols` of the first code of this length, less that code.
  private var shifts: [Int] = [0]

  /// From the length of each symbol's code, 0 for none; nil where codes are left over, or some have no
  /// room. A code without any symbol is one that nobody uses.
  init?(lengths: [UInt8]) {
    var counts = [Int](repeating: 0, count: Self.longest + 1)
    for length in lengths {
      guard Int(length) <= Self.longest else { return nil }
      counts[Int(length)] += 1
    }
    var end: UInt32 = 0
    var places = [0]
    var place = 0
    for length in 1...Self.longest {
      let width = UInt32(Self.longest - length)
      places.append(place)
      shifts.append(place - Int(end >> width))
      end += UInt32(counts[length]) << width
      guard end <= 0x1_0000 else { return nil }
      ends.append(end)
      place += counts[length]
    }
    guard end == 0x1_0000 || place == 0 else { return nil }
    symbols = [UInt16](repeating: 0, count: place)
    for (symbol, length) in lengths.enumerated() where length > 0 {
      symbols[places[Int(length)]] = UInt16(symbol)
      places[Int(length)] += 1
    }
    quick = []
    guard place > 0 else { return }
    quick.reserveCapacity(1 << Self.quickBits)
    place = 0
    for length in 1...Self.quickBits {
      for symbol in symbols[place..<place + counts[length]] {
        quick += repeatElement(
          symbol << 4 | UInt16(length), count: 1 << (Self.quickBits - length))
      }
      place += counts[length]
    }
    quick += repeatElement(0, count: 1 << Self.quickBits - quick.count)
  }

  /// The symbol whose code the next 16 bits start with, and the bits of that code; nil where the code
  /// has no symbols.
  func symbol(_ bits: UInt32) -> (symbol: Int, length: Int)? {
    let bits = bits & 0xFFFF
    guard !symbols.isEmpty else { return nil }
    let entry = quick[Int(bits >> UInt32(Self.longest - Self.quickBits))]
    if entry != 0 { return (Int(entry >> 4), Int(entry & 15)) }
    for length in Self.quickBits + 1...Self.longest where bits < ends[length] {
      let place = Int(bits >> UInt32(Self.longest - length)) + shifts[length]
      return (Int(symbols[place]), length)
    }
    return nil
  }
}
