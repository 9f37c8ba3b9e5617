// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Raw pictures of cameras that are no TIFF files.
enum CameraRawSpecimens {
  static let all: [Specimen] = [minolta, sigma, canon, edited]

  private static let minolta: Specimen = {
    let text = ascii("DiMAGE Boat", padTo: 12)
    let tags =
      ascii("MM") + big(UInt16(42)) + big(UInt32(8)) + big(UInt16(1)) + big(UInt16(0x110))
      + big(UInt16(2)) + big(UInt32(12)) + big(UInt32(26)) + zeros(4) + text
    let sensor =
      ascii("27200001") + big(UInt16(20)) + big(UInt16(40)) + zeros(4) + [12, 12, 0x59]
      + zeros(5)
    let blocks =
      [0] + ascii("PRD") + big(UInt32(24)) + sensor + [0] + ascii("TTW")
      + big(UInt32(tags.count)) + tags + [0] + ascii("WBG") + big(UInt32(8)) + junk(8)
    let bytes = [0] + ascii("MRM") + big(UInt32(blocks.count)) + blocks + junk(1200)
    return Specimen(
      .mrw, bytes, name: "DiMAGE Boat", verdict: .probable,
      boundaries: [8, 40, 8 + blocks.count])
  }()

  private static let sigma: Specimen = {
    let head =
      ascii("FOVb") + [2, 0, 2, 0] + junk(16) + zeros(4) + little(UInt32(64))
      + little(UInt32(48)) + zeros(4) + zeros(192)
    let image = ascii("SECi") + [0, 0, 2, 0] + junk(600)
    let properties = ascii("SECp") + [0, 0, 2, 0] + junk(90)
    let start = head.count + image.count + properties.count
    let entries =
      little(UInt32(head.count)) + little(UInt32(image.count)) + ascii("IMAG")
      + little(UInt32(head.count + image.count)) + little(UInt32(properties.count))
      + ascii("PROP")
    let directory = ascii("SECd") + [0, 0, 2, 0] + little(UInt32(2)) + entries
    return Specimen(
      .x3f, head + image + properties + directory + little(UInt32(start)), verdict: .probable,
      boundaries: [head.count, head.count + image.count, start])
  }()

  private static func entry(_ kind: UInt16, _ size: Int, _ place: Int) -> [UInt8] {
    little(kind) + little(UInt32(size)) + little(UInt32(place))
  }

  private static let heap: [UInt8] = {
    let head = ascii("II") + little(UInt32(26)) + ascii("HEAPCCDR") + [2, 0, 1, 0] + zeros(8)
    let sensor = junk(900)
    let model = ascii("Canon\0EOS Boat\0", padTo: 32)
    let time = little(UInt32(1_000_000_000)) + zeros(8)
    let inner =
      model + time + little(UInt16(2)) + entry(0x080A, 32, 0) + entry(0x180E, 12, 32)
      + little(UInt32(44))
    let directory =
      little(UInt16(3)) + entry(0x2005, 900, 0) + entry(0x300A, inner.count, 900)
      + entry(0x5029, 35, 1)
    return head + sensor + inner + directory + little(UInt32(900 + inner.count))
  }()

  private static let canon = Specimen(
    .crw, heap, name: "EOS Boat", date: Timestamp(seconds: 1_000_000_000), verdict: .probable,
    boundaries: [26, 926, heap.count - 36])

  private static let edited: Specimen = {
    let trailer =
      ascii("CANON OPTIONAL DATA\0") + [0, 1, 0, 0] + big(UInt32(100)) + junk(100) + junk(64)
    return Specimen(
      .crw, heap + trailer, label: "edited", name: "EOS Boat", verdict: .probable,
      boundaries: [heap.count])
  }()
}
