// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum ProgramSpecimens {
  static let all: [Specimen] = [
    summed, plain, certified, installer, old, windows16, linear, drivers,
  ]

  /// The header of DOS, which leads to another at 0x80.
  private static let stub: [UInt8] =
    ascii("MZ") + [0x90, 0, 3, 0, 0, 0, 4, 0, 0, 0, 0xFF, 0xFF] + zeros(10) + [0x40, 0]
    + zeros(34) + little(UInt32(0x80)) + ascii("This program cannot be run in DOS mode.", padTo: 64)

  /// Resources: kind 16, one name, one language, and there a text for `FileDescription`.
  private static let resources: [UInt8] = {
    func directory(_ identity: UInt32, _ place: UInt32) -> [UInt8] {
      zeros(14) + little(UInt16(1)) + little(identity) + little(place)
    }
    let wide = { (text: String) in Array((text + "\0").utf16).flatMap { little($0) } }
    let version = zeros(6) + wide("FileDescription") + zeros(2) + wide("Boat race")
    return directory(16, 0x8000_0018) + directory(1, 0x8000_0030) + directory(0x409, 72)
      + little(UInt32(0x2000 + 88)) + little(UInt32(version.count)) + zeros(8) + version
      + zeros(512 - 88 - version.count)
  }()

  private static func portable(
    checksum: Bool, certificates: [UInt8] = [], behind: [UInt8] = [], time: UInt32 = 1_400_000_000
  ) -> [UInt8] {
    let file =
      ascii("PE\0\0") + little(UInt16(0x14C)) + little(UInt16(2)) + little(time) + zeros(8)
      + little(UInt16(224)) + little(UInt16(0x102))
    let end = UInt32(0x400 + 0x600 + 0x200)
    var optional = little(UInt16(0x10B)) + zeros(58) + little(UInt32(0x400)) + zeros(4)
    optional += little(UInt16(3)) + zeros(26) + zeros(16)
    optional += little(UInt32(0x2000)) + little(UInt32(0x200)) + zeros(8)
    optional += certificates.isEmpty ? zeros(8) : little(end) + little(UInt32(certificates.count))
    optional += zeros(224 - optional.count)
    func section(_ name: String, _ address: UInt32, _ size: UInt32, _ place: UInt32) -> [UInt8] {
      ascii(name, padTo: 8) + little(size) + little(address) + little(size) + little(place)
        + zeros(16)
    }
    var bytes = stub + file + optional + section(".text", 0x1000, 0x600, 0x400)
    bytes += section(".rsrc", 0x2000, 0x200, 0xA00)
    bytes += zeros(0x400 - bytes.count) + junk(0x600) + resources + behind + certificates
    guard checksum else { return bytes }
    var sum = stride(from: 0, to: bytes.count, by: 2).reduce(UInt32(0)) {
      $0 + UInt32(bytes[$1]) + UInt32(bytes[$1 + 1]) << 8
    }
    while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
    bytes.replaceSubrange(0xD8..<0xDC, with: little(sum + UInt32(bytes.count)))
    return bytes
  }

  private static let summed = Specimen(
    .program, portable(checksum: true), label: "summed", type: "exe", name: "Boat race",
    date: Timestamp(seconds: 1_400_000_000), verdict: .verified, boundaries: [0x80, 0x400, 0xA00])

  private static let plain = Specimen(
    .program, portable(checksum: false), label: "plain", name: "Boat race", verdict: .probable,
    boundaries: [0x80, 0x400, 0xA00])

  private static let certified: Specimen = {
    let certificate = little(UInt32(200)) + [0, 2, 2, 0] + junk(192)
    return Specimen(
      .program, portable(checksum: true, certificates: certificate), label: "certified",
      verdict: .verified, boundaries: [0xC00])
  }()

  private static let installer: Specimen = {
    let first =
      little(UInt32(0)) + [0xEF, 0xBE, 0xAD, 0xDE] + ascii("NullsoftInst") + little(UInt32(100))
      + little(UInt32(1028)) + junk(1000)
    return Specimen(
      .program, portable(checksum: false, behind: first), label: "installer", verdict: .probable,
      boundaries: [0xC00, 0xC1C], wholeCuts: [0xC00..<0xC1C])
  }()

  private static let old: Specimen = {
    let bytes =
      ascii("MZ") + little(UInt16(300)) + little(UInt16(4)) + little(UInt16(1))
      + little(UInt16(2)) + little(UInt16(0)) + little(UInt16(0xFFFF)) + zeros(10)
      + little(UInt16(0x1C)) + zeros(2) + little(UInt16(8)) + little(UInt16(0))
    return Specimen(
      .program, bytes + junk(1836 - bytes.count), label: "DOS", verdict: .guessed,
      boundaries: [28, 32])
  }()

  private static let windows16: Specimen = {
    // Segments at 0x40, resources at 0x50, names at 0x70; one segment and one resource.
    let segments =
      little(UInt16(2)) + little(UInt16(700)) + little(UInt16(0x100)) + zeros(2)
      + little(UInt16(0)) + zeros(6)
    let resource =
      little(UInt16(9)) + little(UInt16(0x8003)) + little(UInt16(1)) + zeros(4)
      + little(UInt16(4)) + little(UInt16(1)) + zeros(8) + zeros(2)
    let names = [4] + ascii("RACE") + zeros(3)
    let long = [9] + ascii("Boat race") + zeros(3)
    var header = ascii("NE") + [5, 10] + little(UInt16(0x78)) + little(UInt16(2)) + zeros(20)
    header += little(UInt16(2)) + zeros(2) + little(UInt16(long.count)) + little(UInt16(0x40))
    header += little(UInt16(0x50)) + little(UInt16(0x70)) + zeros(4)
    header += little(UInt32(0x80 + 0x7A)) + zeros(2) + little(UInt16(9)) + zeros(12)
    let front =
      stub + header + segments + resource + zeros(0x20 - resource.count) + names + zeros(2)
    let relocated = junk(700) + little(UInt16(2)) + junk(16)
    let bytes =
      front + long + zeros(1024 - front.count - long.count) + relocated
      + zeros(1024 - relocated.count) + junk(512)
    return Specimen(
      .program, bytes, label: "16 bits", name: "Boat race", verdict: .probable,
      boundaries: [0x80, 1024, 1024 + 700, 2048])
  }()

  private static func linear(_ mark: String, last: UInt32, table: [UInt8]) -> [UInt8] {
    var header = ascii(mark) + zeros(18) + little(UInt32(2)) + zeros(16) + little(UInt32(4096))
    header += little(last) + little(UInt32(20)) + zeros(4) + little(UInt32(40)) + zeros(4)
    header += little(UInt32(0xC4)) + zeros(4) + little(UInt32(0xDC)) + zeros(0x68 - 0x4C)
    header += little(UInt32(0xEC)) + zeros(0x80 - 0x6C) + little(UInt32(0x200)) + zeros(4)
    header += little(UInt32(0x1B00)) + little(UInt32(12)) + zeros(0xC4 - 0x90)
    let front = stub + header + junk(24) + table + junk(20)
    return front + zeros(0x200 - front.count) + junk(0x1900) + [9] + ascii("Boat race") + zeros(2)
  }

  private static let linear: Specimen = {
    let table =
      little(UInt32(0)) + little(UInt16(4096)) + zeros(2) + little(UInt32(4096))
      + little(UInt16(2304)) + zeros(2)
    return Specimen(
      .program, linear("LX", last: 0, table: table), label: "LX", name: "Boat race",
      verdict: .probable, boundaries: [0x80, 0x200, 0x1B00])
  }()

  private static let drivers = Specimen(
    .program, linear("LE", last: 2304, table: junk(16)), label: "LE", type: "vxd",
    name: "Boat race", verdict: .probable, boundaries: [0x80, 0x200, 0x1B00])
}
