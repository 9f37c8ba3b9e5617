// SPDX-License-Identifier: Apache-2.0

import FileFormats

/// Code for processors that do not exist, and macOS programs.
enum PortableCodeSpecimens {
  static let all: [Specimen] = [module, android, library, object, universal]

  private static let module: Specimen = {
    func section(_ id: UInt8, _ data: [UInt8]) -> [UInt8] {
      [id, UInt8(data.count & 0x7F | 0x80), UInt8(data.count >> 7)] + data
    }
    let body = [0x80 | 100, 1] + junk(228)
    let bytes =
      [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0] + section(1, [1, 0x60, 0, 0]) + section(3, [2, 0, 0])
      + section(10, [2] + body + body) + section(11, [1] + junk(90))
      + section(0, [4] + ascii("name") + [0, 5, 4] + ascii("boat"))
    return Specimen(
      .wasm, bytes, name: "boat", verdict: .probable,
      boundaries: [8, 15, 21, 21 + 3 + 461, bytes.count - 15])
  }()

  private static let android: Specimen = {
    let data = junk(900)
    let rest =
      junk(20) + little(UInt32(0x70 + data.count)) + little(UInt32(0x70))
      + little(UInt32(0x1234_5678)) + junk(0x70 - 0x2C) + data
    var (low, high): (UInt32, UInt32) = (1, 0)
    for byte in rest {
      low = (low + UInt32(byte)) % 65_521
      high = (high + low) % 65_521
    }
    let bytes = ascii("dex\n035\0") + little(high << 16 | low) + rest
    return Specimen(
      .dex, bytes, verdict: .verified, boundaries: [0x70], covered: [8..<bytes.count])
  }()

  /// A library of 64 bits: a segment, symbols, and a name.
  private static let wide: [UInt8] = {
    let segment =
      little(UInt32(0x19)) + little(UInt32(72)) + zeros(32) + little(UInt64(0))
      + little(UInt64(1000)) + zeros(16)
    let symbols =
      little(UInt32(2)) + little(UInt32(24)) + little(UInt32(1000)) + little(UInt32(3))
      + little(UInt32(1048)) + little(UInt32(77))
    let name =
      little(UInt32(0x0D)) + little(UInt32(56)) + little(UInt32(24)) + zeros(12)
      + ascii("@rpath/libboat.dylib", padTo: 32)
    let commands = segment + symbols + name
    let head =
      [0xCF, 0xFA, 0xED, 0xFE] + little(UInt32(0x0100_000C)) + zeros(4) + little(UInt32(6))
      + little(UInt32(3)) + little(UInt32(commands.count)) + zeros(8)
    return head + commands + junk(1125 - head.count - commands.count)
  }()

  private static let library = Specimen(
    .machO, wide, label: "library", type: "dylib", name: "libboat.dylib", verdict: .probable,
    boundaries: [32, 104, 184, 1000, 1048])

  /// An object of 32 bits for PowerPC, with relocations behind its segment.
  private static let object: Specimen = {
    let section = zeros(48) + big(UInt32(700)) + big(UInt32(4)) + zeros(12)
    let segment =
      big(UInt32(1)) + big(UInt32(124)) + zeros(24) + big(UInt32(152)) + big(UInt32(548))
      + zeros(16) + section
    let head =
      [0xFE, 0xED, 0xFA, 0xCE] + big(UInt32(18)) + zeros(4) + big(UInt32(1)) + big(UInt32(1))
      + big(UInt32(124)) + zeros(4)
    return Specimen(
      .machO, head + segment + junk(732 - 152), label: "object", type: "macho",
      verdict: .probable, boundaries: [28, 152, 700])
  }()

  private static let universal: Specimen = {
    func part(_ processor: UInt32, _ start: Int, _ count: Int) -> [UInt8] {
      big(processor) + zeros(4) + big(UInt32(start)) + big(UInt32(count)) + big(UInt32(9))
    }
    let parts = part(0x0100_000C, 512, wide.count) + part(18, 2048, object.bytes.count)
    let bytes =
      [0xCA, 0xFE, 0xBA, 0xBE] + big(UInt32(2)) + parts + zeros(512 - 48) + wide
      + zeros(2048 - 512 - wide.count) + object.bytes
    return Specimen(.universal, bytes, verdict: .probable, boundaries: [8, 48, 512, 2048])
  }()
}
