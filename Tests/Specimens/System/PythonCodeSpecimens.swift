// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum PythonCodeSpecimens {
  static let all: [Specimen] = [new, old]

  private static func text(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    ascii("s") + little(UInt32(count)) + junk(count, seed: seed)
  }

  private static func short(_ text: String) -> [UInt8] {
    ascii("z") + [UInt8(text.utf8.count)] + ascii(text)
  }

  /// Python 3.12, with a function among the constants, and references.
  private static let new: Specimen = {
    func code(_ constants: [UInt8], file: [UInt8]) -> [UInt8] {
      [0xE3] + zeros(20) + text(300) + constants + [0x29, 1] + short("sail") + [0x29, 0]
        + text(0) + file + short("row") + short("boat.row") + little(UInt32(1))
        + text(40, seed: 2) + text(12, seed: 3)
    }
    // The path is the third of what may be referred to: two code objects come before it.
    let path = [0xFA, 16] + ascii("/harbour/boat.py")
    let inner = code([0x29, 3, 0x4E, 0x69] + little(UInt32(7)) + [0x67] + junk(8), file: path)
    let bytes =
      little(UInt16(3531)) + [0x0D, 0x0A] + zeros(4) + little(UInt32(1_400_000_000))
      + little(UInt32(999)) + code([0x29, 1] + inner, file: [0x72] + little(UInt32(2)))
    return Specimen(
      .pythonCode, bytes, label: "3.12", name: "boat", date: Timestamp(seconds: 1_400_000_000),
      verdict: .intact, boundaries: [16, 37, 342])
  }()

  /// Python 2.7, with a number, a dictionary and a text of Unicode.
  private static let old: Specimen = {
    func tuple(_ count: UInt32) -> [UInt8] { [0x28] + little(count) }
    func named(_ kind: String, _ text: String) -> [UInt8] {
      ascii(kind) + little(UInt32(text.utf8.count)) + ascii(text)
    }
    let long = ascii("l") + little(Int32(-2)) + junk(4)
    let pairs = ascii("{Ni") + little(UInt32(5)) + ascii("0")
    let constants = tuple(3) + long + pairs + named("u", "wave")
    let names = tuple(1) + named("t", "sail")
    let head = little(UInt16(62_211)) + [0x0D, 0x0A] + little(UInt32(1_300_000_000))
    let front = head + ascii("c") + zeros(16) + text(500) + constants + names
    let path = named("s", "boat.py") + [0x52] + little(UInt32(0)) + little(UInt32(1))
    let bytes = front + tuple(0) + tuple(0) + tuple(0) + path + text(30, seed: 4)
    return Specimen(
      .pythonCode, bytes, label: "2.7", name: "boat", date: Timestamp(seconds: 1_300_000_000),
      verdict: .intact, boundaries: [8, 25, 530])
  }()
}
