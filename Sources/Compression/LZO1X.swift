// SPDX-License-Identifier: Apache-2.0

import Bytes

/// LZO1X: literals, and copies from what came out before.
///
/// - Source: Linux, Documentation/staging/lzo.rst.
package enum LZO1X {
  /// What a stream holds; nil where it is not valid, has no end, or holds more than `limit` bytes.
  package static func unpack(_ stream: [UInt8], limit: Int) -> [UInt8]? {
    var run = Run(stream: stream, limit: limit)
    return run.unpack() ? run.output : nil
  }

  private struct Run {
    let stream: [UInt8]
    let limit: Int
    var at = 0
    var output: [UInt8] = []
    /// Literals that the last instruction copied: 0 to 3, or 4 for a long run.
    var literals = 0

    init(stream: [UInt8], limit: Int) {
      self.stream = stream
      self.limit = limit
      output.reserveCapacity(limit)
    }

    mutating func unpack() -> Bool {
      guard let first = stream.first else { return false }
      if first > 17 {
        at = 1
        guard copyLiterals(Int(first) - 17) else { return false }
        literals = min(Int(first) - 17, 4)
      }
      while let code = next() {
        switch step(Int(code)) {
        case .goesOn: continue
        case .ended: return true
        case .broken: return false
        }
      }
      return false
    }

    private enum Outcome { case goesOn, ended, broken }

    private mutating func step(_ code: Int) -> Outcome {
      switch code {
      case 0..<16: return short(code)
      case 16..<64:
        let isFar = code < 32
        guard let count = length(code, bits: isFar ? 3 : 5), let pair = word() else {
          return .broken
        }
        var distance = (pair >> 2) + 1
        if isFar {
          distance = 0x4000 + (code & 8) << 11 + pair >> 2
          if distance == 0x4000 { return count == 3 ? .ended : .broken }
        }
        return copy(count, from: distance, then: pair & 3)
      default:
        guard let high = next() else { return .broken }
        let distance = Int(high) << 3 + (code >> 2) & 7 + 1
        let count = code < 128 ? 3 + (code >> 5) & 1 : 5 + (code >> 5) & 3
        return copy(count, from: distance, then: code & 3)
      }
    }

    /// Codes below 16 mean something else behind literals.
    private mutating func short(_ code: Int) -> Outcome {
      if literals == 0 {
        guard let count = length(code, bits: 4), copyLiterals(count + 1) else { return .broken }
        literals = 4
        return .goesOn
      }
      guard let high = next() else { return .broken }
      let distance = Int(high) << 2 + code >> 2
      return literals == 4
        ? copy(3, from: distance + 0x801, then: code & 3)
        : copy(2, from: distance + 1, then: code & 3)
    }

    /// A length of some bits; 0 goes on in the bytes that follow, 255 for each zero.
    private mutating func length(_ code: Int, bits: Int) -> Int? {
      let most = 1 << bits - 1
      if code & most != 0 { return code & most + 2 }
      var sum = most + 2
      while let byte = next() {
        if byte != 0 { return sum + Int(byte) }
        sum += 255
        if sum > limit { return nil }
      }
      return nil
    }

    private mutating func next() -> UInt8? {
      guard at < stream.count else { return nil }
      at += 1
      return stream[at - 1]
    }

    private mutating func word() -> Int? {
      guard let word = try? stream.little(UInt16.self, at: at) else { return nil }
      at += 2
      return Int(word)
    }

    private mutating func copyLiterals(_ count: Int) -> Bool {
      guard count <= stream.count - at, count <= limit - output.count else { return false }
      output += stream[at..<at + count]
      at += count
      return true
    }

    private mutating func copy(_ count: Int, from distance: Int, then literals: Int) -> Outcome {
      guard distance <= output.count, count <= limit - output.count else { return .broken }
      // One by one: a copy may reach into itself.
      let start = output.count - distance
      for index in start..<start + count { output.append(output[index]) }
      self.literals = literals
      return copyLiterals(literals) ? .goesOn : .broken
    }
  }
}
