// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum ELFSpecimens {
  static let all: [Specimen] = [library, object, signed]

  private static func section(
    _ type: UInt32, _ place: Int, _ size: Int, link: UInt32 = 0
  ) -> [UInt8] {
    little(UInt32(0)) + little(type) + zeros(16) + little(UInt64(place)) + little(UInt64(size))
      + little(link) + zeros(20)
  }

  private static func header(type: UInt16, segments: UInt16, sections: UInt16, at table: Int)
    -> [UInt8]
  {
    [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + zeros(9) + little(type) + little(UInt16(62))
      + little(UInt32(1)) + zeros(8) + little(UInt64(segments > 0 ? 64 : 0))
      + little(UInt64(table)) + zeros(4) + little(UInt16(64)) + little(UInt16(56))
      + little(segments) + little(UInt16(64)) + little(sections) + zeros(2)
  }

  private static let wide: [UInt8] = {
    let texts = ascii("\0libboat.so.1\0", padTo: 16)
    let dynamic = little(UInt64(14)) + little(UInt64(1)) + zeros(16)
    let segment =
      little(UInt32(1)) + zeros(4) + little(UInt64(0)) + zeros(16) + little(UInt64(820)) + zeros(16)
    let data = texts + dynamic + junk(652)
    let sections =
      zeros(64) + section(3, 120, 16) + section(6, 136, 32, link: 1) + section(1, 168, 652)
      + section(8, 820, 1 << 20)
    return header(type: 3, segments: 1, sections: 5, at: 824) + segment + data + zeros(4) + sections
  }()

  private static let library = Specimen(
    .elf, wide, label: "library", type: "so", name: "libboat.so.1", verdict: .probable,
    boundaries: [64, 120, 820, 824])

  private static let object: Specimen = {
    func section(_ type: UInt32, _ place: UInt32, _ size: UInt32) -> [UInt8] {
      big(UInt32(0)) + big(type) + zeros(8) + big(place) + big(size) + zeros(16)
    }
    let header =
      [0x7F, 0x45, 0x4C, 0x46, 1, 2, 1] + zeros(9) + big(UInt16(1)) + big(UInt16(8))
      + big(UInt32(1)) + zeros(8) + big(UInt32(52)) + zeros(4) + big(UInt16(52)) + zeros(4)
      + big(UInt16(40)) + big(UInt16(3)) + zeros(2)
    let bytes = header + zeros(40) + section(1, 172, 600) + section(3, 772, 31) + junk(631)
    return Specimen(
      .elf, bytes, label: "object of 32 bits", type: "o", verdict: .probable,
      boundaries: [52, 172, 772])
  }()

  private static let signed: Specimen = {
    let module =
      header(type: 1, segments: 0, sections: 2, at: 64) + zeros(64) + section(1, 192, 700)
      + junk(700)
    let signature: [UInt8] = [0x30, 0x82, 0, 200] + junk(200)
    let record = zeros(8) + big(UInt32(signature.count)) + ascii("~Module signature appended~\n")
    return Specimen(
      .elf, module + signature + record, label: "signed module", verdict: .probable,
      boundaries: [64, 192, module.count],
      wholeCuts: [module.count..<module.count + signature.count + record.count])
  }()
}
