// SPDX-License-Identifier: Apache-2.0

import Checksums
import FileFormats
import Findings

/// Sound in packets, or in one part of stated size: Monkey's Audio, Musepack, TAK, DTS, TrueHD, and FL
/// Studio's projects.
enum PacketSpecimens {
  static let all: [Specimen] = monkey + musepack + tak + dts + trueHD + project + frog

  private static let monkey: [Specimen] = {
    let head = junk(24, seed: 1)
    let table = junk(12, seed: 2)
    let parts = [junk(44, seed: 3), junk(900, seed: 4), junk(10, seed: 5)]
    let content = parts.flatMap { $0 }
    let sizes = [52, 24, 12, 44, 900, 0, 10].flatMap { little(UInt32($0)) }
    let start = ascii("MAC ") + little(UInt16(3990)) + [0, 0] + sizes
    let plain = start + MessageDigest.hash(content + head + table, .md5) + head + table + content
    let odd = start + junk(16) + head + table + content
    return [
      Specimen(
        .ape, plain, verdict: .verified, boundaries: [52, 76, 88], covered: [36..<plain.count]),
      Specimen(
        .ape, odd + FrameChainSpecimens.oldTag, label: "of another checksum", verdict: .probable,
        wholeCuts: []),
    ]
  }()

  private static let musepack: [Specimen] = {
    func packet(_ key: String, _ data: [UInt8]) -> [UInt8] {
      let size = data.count + 4
      return ascii(key) + [0x80 | UInt8(size >> 7), UInt8(size & 0x7F)] + data
    }
    let packets =
      ascii("MPCK") + ascii("SH") + [14] + junk(11) + packet("RG", junk(9))
      + packet("AP", junk(400))
      + packet("AP", junk(333)) + packet("SE", [])
    var bits = SoundBits()
    for index in 0..<5 {
      let length = 1000 + index * 37
      bits.put(UInt64(length), 20)
      for byte in junk(length / 8 + 1, seed: UInt64(index)).prefix(length / 8) {
        bits.put(UInt64(byte), 8)
      }
      bits.put(0, length % 8)
    }
    bits.put(77, 11)
    // The bits begin in the last byte of a word, and words are turned around.
    let head: [UInt8] =
      ascii("MP+") + [7] + little(UInt32(5)) + junk(12) + [0, 0, 0, 0x81]
    let stream = [0x50] + bits.bytes
    let padded = stream + zeros((4 - stream.count % 4) % 4)
    let words = stride(from: 0, to: padded.count, by: 4).flatMap { padded[$0..<$0 + 4].reversed() }
    return [
      Specimen(.mpc, packets, verdict: .probable, boundaries: [4, 18, 31]),
      Specimen(.mpc, head + words, label: "version 7", verdict: .probable),
    ]
  }()

  private static let tak: [Specimen] = {
    func block(_ type: UInt8, _ data: [UInt8]) -> [UInt8] {
      little(UInt32(data.count) << 8 | UInt32(type)) + data
    }
    let frames = [0xFF, 0xA0] + junk(700)
    let last = little(UInt32(500)) + [0] + [202, 0, 0] + junk(3)
    let bytes = ascii("tBaK") + block(1, junk(13)) + block(7, last) + block(0, []) + frames
    return [Specimen(.tak, bytes, verdict: .probable, boundaries: [4, 21, 36])]
  }()

  private static let dts: [Specimen] = {
    func frame(_ seed: UInt64) -> [UInt8] {
      let length = 400 + Int(seed) * 4
      var bits = SoundBits()
      for (value, width) in [
        (0x7FFE_8001, 32), (1, 1), (31, 5), (0, 1), (15, 7), (length - 1, 14), (9, 6), (13, 4),
        (0, 10),
      ] {
        bits.put(UInt64(value), width)
      }
      return bits.bytes + junk(length - 10, seed: seed)
    }
    func extension_(_ seed: UInt64) -> [UInt8] {
      var bits = SoundBits()
      for (value, width) in [(0x6458_2025, 32), (0, 10), (0, 1), (19, 8), (299, 16), (0, 13)] {
        bits.put(UInt64(value), width)
      }
      return bits.bytes + junk(290, seed: seed)
    }
    return [
      Specimen(.dts, (0..<6).flatMap { frame($0) }, verdict: .probable, boundaries: [400, 804]),
      Specimen(
        .dts, (0..<4).flatMap { frame($0) + extension_($0) } + FrameChainSpecimens.oldTag,
        label: "with extensions", verdict: .intact),
    ]
  }()

  private static let trueHD: [Specimen] = {
    func unit(_ index: Int, sync: [UInt8]) -> [UInt8] {
      let length = 60 + index * 2
      let content = index % 8 == 0 ? sync + junk(length - 8) : junk(length - 4, seed: UInt64(index))
      return big(UInt16(0x8000 | length / 2)) + big(UInt16(truncatingIfNeeded: index * 40))
        + content
    }
    let units = (0..<20).flatMap { unit($0, sync: [0xF8, 0x72, 0x6F, 0xBA]) }
    let old = (0..<25).flatMap { unit($0, sync: [0xF8, 0x72, 0x6F, 0xBB]) }
    return [
      Specimen(.thd, units, type: "thd", verdict: .probable, boundaries: [60, 122]),
      Specimen(.thd, old, label: "MLP", type: "mlp", verdict: .probable),
    ]
  }()

  private static let frog: [Specimen] = {
    func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
      ascii(id) + little(UInt32(data.count)) + data
    }
    let bytes =
      chunk("OFR ", junk(15)) + chunk("HEAD", junk(44)) + chunk("COMP", junk(500))
      + chunk("COMP", junk(200)) + chunk("TAIL", [])
    return [
      Specimen(.ofr, bytes, verdict: .probable, boundaries: [23, 75, 583]),
      Specimen(
        .ofr, bytes + FrameChainSpecimens.tag + FrameChainSpecimens.oldTag, label: "with tags",
        name: "Anna - A boat", verdict: .probable),
    ]
  }()

  private static let project: [Specimen] = {
    let events: [UInt8] =
      [9, 1, 66, 140, 0, 156, 0, 0, 2, 0, 199, 5] + ascii("20.8\0") + [213, 0x90, 3] + junk(400)
      + (0..<100).flatMap { [UInt8($0 % 64), $0] }
    let head = ascii("FLhd") + little(UInt32(6)) + [0, 0, 4, 0, 96, 0]
    let bytes = head + ascii("FLdt") + little(UInt32(events.count)) + events
    return [Specimen(.flp, bytes, verdict: .probable, boundaries: [14, 22])]
  }()
}
