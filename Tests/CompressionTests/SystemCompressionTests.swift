// SPDX-License-Identifier: Apache-2.0

import Bytes
import Foundation
import Testing

@testable import Compression

/// Pieces that wimlib 1.13 compressed, and what they hold.
enum Pieces {
  static let xpress = bytes(
    """
    mAAACYCFmYmQAAAJAJCQAAcACQkAkACQVmVWVWaQAAAJAJkAkAAACQkAkACAAAAJAICJCZAACYkAlwAACQkAmQCQAAAJ\
    AJAJAJkAAAgAgAAAiAAACACAAAAIAIAIAIAAAAgAgAAAiACACACAAAAIAIAAAIgFAAgAgACACACACAAIAAAAAAAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAGiIgEgDAAAABQaAAAAAAAAGBYAAAAAAAAV1iAAAAAAABoBgAAAAAAAAgFAAAAAA\
    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIm7i4fhd0tyv5iSG58ZG+zr64a8\
    THpn5o3knBRnxo7MTlozg44Ismozo0jUUZozCUgOUqqjVkjERbcXWpPkitJ9r/feUTJOStvzhwTIkZqZDmFb7uDcpLfM\
    LAvJSwmZQQv9nAn3SZcIX0+BmARVV60stFAn3v6zcPfV8qehBdne3wNEJR4oOLWkO6Kw/5YqaE0deolloWeGz/s1C3tK\
    oNypqalVCv+Uqv7frQI938hHKSxmToJ7ikLvn0vQKCzHoiiP1VP/5hXAog57v2VB9qttCAn3q2YZ9MGa71Kbny9AwWHy\
    5MLC2olgrKi3n9gL+pd6/RJmCSmF954pCEvdetShQrXUYF6lsH5anRBWdPZGpsKeBHPzlgBWFHr/V+GtxohW+Fm11gIz\
    ytHkuJOp/5+nsKfoFepEHeH96mXrezcLZE5NhPehqgKc06sAj7XEeNuzsBuLFvRtVYm8JaE5EE9AXkRU/GssC/9Ls2AT\
    RRWGWTEC+y2qAtowrhh/41nBMQoL9k3//S4y4EhC9jqeQN0gvAAA
    """)

  static let verbatim = bytes(
    """
    fSAABAAAMAMwRDIAVUdXUL0dnfxfIY8qmTHAR2QgAAAGAAiAgAgBZDr0pJ7gifhirwTfjyDaAAAAAAAAMzPhIAJ0fj/6\
    /X/v28ff2+vvr+fnt/r5/35fX09P7X+UYarkVA1/jaEWVumrReqEubCYVm/K4ZH9G/i5J3cHiSQd2vhuiLesG06ESWlC\
    FM8M/sXoOUKQtqRMyZrCRLJZK5zDxNI6tOs/eIwRcsQgpUl3UjNkiymyMzgZJqVp+KQjTugQYuN9QbFJGdVnSTg1k3JC\
    DvVqyuE5RuaoQVKSsFRfdTY6ZJxwLkxM0/BLRmaRImTLNYN3JCpKzFLgxEz8ky7tTArPpvNRNoTJWYOZJDZKytLghJjO\
    xHMh0uFZjLSjW8mQ9QM7J56ojyXCKcM6rRtVLhO+xKg4WpD0pDXVm/0fAOA=
    """)

  static let aligned = bytes(
    """
    u0AIggEAAAACAAA0AABVUERMTSJ0SfGyKuedGxheE4ZcdTKSxvBMw0jX9KldmbmSEkmpKDR48IrNyTNTL4mKDHW5UlwU\
    iTY2ALsAABEAzRQAABVUfUdN9UFO0cHd0WAXwrtdkHAFi1LoIPfgCP8AAAAAAAABAIYQc3a+7zT5d2llKsNMX62b7T9x\
    W6dHafL5q9Sxm6fBjW/tkcv9+OA79dzLpi6TRt5179516Ftq70/moXZi3zyXndknt6edufLLr2kfvs1M5nZZlUqO3Trb\
    hIfeV6PJw6ixvrr+7iqva3pM22PiVcoOPS81ew0fjJ44j2a1VcXAn8r68tfY+u75XkCo7Ije5nZhMr4M8bg7f5+nz3eX\
    StvvjDP4uXJ8vcRvP77urU5ygaeOQl0t/mXvO0Nkd0qRx9aH96fiua36whw0pXM3HLgW799OdLJ6Yiwtt63BC31j51sq\
    l0d3dN1aczxpUeUxlcQ3ooK6BNqFAOdE1WRY7MM6VqKUioQnjrDBFtiHCzryc5jOlHHFLn7+rwVGEZrd2Hxjj10loyK9\
    n6q6/jaajTuhmasEZxFDBp57uy9RQkqSTyfvnmFFljQmd6iYTruijS+jR+yNpXV4nzhLfszh0xaFYu8KNBlBbQp3bena\
    JdqJNnoFKpbI0qZ38cChjYqMux1JJkYAzdlD7yzOYmU3qRa1jwE2p63QDjlzhQpdShFjhhXdE0WZBmk91SsIwxEb+lwi\
    Cw3sJchpTjG/t1HuBqFJazgXmukb5+sflsC0jr/tjqtOcvLDriXAKLmImkgKpyLsQA4iVFIgZJJrDzT6MSJoo9fLlWRV\
    5HplMNY=
    """)

  /// Lines, with what looks like a call between them.
  static func lines(_ count: Int) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while result.count < count {
      result += Array("record \(index) of \(index * index % 97)\n".utf8)
      let target = UInt32(bitPattern: Int32(4000 - result.count))
      result += [0xE8] + (0..<4).map { UInt8(truncatingIfNeeded: target >> (8 * UInt32($0))) }
      index += 1
    }
    return Array(result.prefix(count))
  }

  /// Rows of eight bytes, 24 of them over and over.
  static func rows(_ count: Int) -> [UInt8] {
    var state = 1
    func next() -> Int {
      state = (state * 1_103_515_245 + 12345) & 0x7FFF_FFFF
      return state >> 16
    }
    let rows = (0..<24).map { _ -> [UInt8] in
      let first = next()
      return (0..<8).map { UInt8(truncatingIfNeeded: first + $0 * $0 * 7) }
    }
    var result: [UInt8] = []
    while result.count < count { result += rows[next() % 24] }
    return Array(result.prefix(count))
  }

  private static func bytes(_ text: String) -> [UInt8] {
    Array(Data(base64Encoded: text) ?? Data())
  }
}

@Suite struct `What the system compresses` {
  @Test func `unpacks to what was packed`() {
    #expect(LZX.unpack(Pieces.verbatim, size: 2000) == Pieces.lines(2000))
    #expect(LZX.unpack(Pieces.aligned, size: 3000) == Pieces.rows(3000))
    #expect(Decoding.xpressHuffman(Pieces.xpress, size: 1500).output == Pieces.lines(1500))
  }

  @Test func `gives bytes as they are where LZX stored them`() {
    // Three bits of the kind, one for the default length or 16 for another; then a whole word.
    let header: [UInt8] = [0x00, 0x60, 0x00, 0x30]
    let distances: [UInt8] = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]
    #expect(
      LZX.unpack(header + distances + [7, 8, 9], size: 3) == [7, 8, 9])
    #expect(LZX.unpack(header + distances + [7, 8], size: 3) == nil)
  }

  @Test func `is refused where it is cut or of another size`() {
    for count in stride(from: 0, to: Pieces.verbatim.count - 2, by: 7) {
      #expect(LZX.unpack(Array(Pieces.verbatim.prefix(count)), size: 2000) == nil)
    }
    for count in stride(from: 0, to: Pieces.xpress.count - 2, by: 7) {
      let decoding = Decoding.xpressHuffman(Array(Pieces.xpress.prefix(count)), size: 1500)
      #expect(decoding.end != .complete)
    }
    for size in [0, 1999, 0x8001, .max] {
      #expect(LZX.unpack(Pieces.verbatim, size: size) == nil)
    }
  }

  @Test func `does no harm where it is damaged`() {
    var state: UInt64 = 3
    func next() -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 40)
    }
    for (whole, size) in [(Pieces.verbatim, 2000), (Pieces.aligned, 3000)] {
      for _ in 0..<1000 {
        var bytes = whole
        for _ in 0...next() % 4 { bytes[next() % bytes.count] = UInt8(next() & 0xFF) }
        let output = LZX.unpack(bytes, size: size)
        #expect(output == nil || output?.count == size)
      }
    }
    for _ in 0..<1000 {
      var bytes = Pieces.xpress
      for _ in 0...next() % 4 { bytes[next() % bytes.count] = UInt8(next() & 0xFF) }
      #expect(Decoding.xpressHuffman(bytes, size: 1500).output.count <= 1500)
    }
    for _ in 0..<1000 {
      let bytes = (0..<200).map { _ in UInt8(next() & 0xFF) }
      _ = LZX.unpack(bytes, size: 0x8000)
    }
  }
}
