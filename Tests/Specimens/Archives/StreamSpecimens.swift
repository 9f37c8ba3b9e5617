// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// bzip2, xz, Zstandard, lzip, LZMA and gzip: streams end to end.
enum StreamSpecimens {
  static let all: [Specimen] = gzip + bzip2 + xz + zstandard + lzip

  private static let gzip: [Specimen] = {
    let text = ArchiveBytes.text
    func member(_ flags: UInt8, _ fields: [UInt8]) -> [UInt8] {
      [0x1F, 0x8B, 8, flags] + little(UInt32(1_706_933_106)) + [0, 3] + fields
        + ArchiveBytes.deflated(text) + little(ArchiveBytes.crc32(text))
        + little(UInt32(text.count))
    }
    let plain = member(0, [])
    let named = member(0x0C, [2, 0, 7, 7] + ascii("harbor.txt\0"))
    let date = Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6)
    return [
      Specimen(
        .gzip, named, name: "harbor.txt", date: date, verdict: .verified, boundaries: [10, 14, 25],
        covered: [26..<named.count]),
      Specimen(
        .gzip, plain + plain, label: "two members", date: date, verdict: .verified,
        boundaries: [plain.count], wholeCuts: [plain.count..<plain.count + 3]),
    ]
  }()

  private static let bzip2: [Specimen] = {
    let stream = PackedFiles.bzip2
    return [
      Specimen(.bzip2, stream, verdict: .verified, covered: [4..<stream.count - 1]),
      Specimen(
        .bzip2, stream + stream, label: "two streams", verdict: .verified,
        boundaries: [stream.count], wholeCuts: [stream.count..<stream.count + 10]),
    ]
  }()

  /// A stream of one block: LZMA2 with one chunk that is not compressed.
  private static func xzStream(_ data: [UInt8], check: UInt8) -> [UInt8] {
    func summed(_ bytes: [UInt8]) -> [UInt8] { bytes + little(ArchiveBytes.crc32(bytes)) }
    let flags: [UInt8] = [0, check]
    let header = summed([2, 0, 0x21, 1, 0x08] + zeros(3))
    let packed = [1] + big(UInt16(data.count - 1)) + data + [0]
    let sum = check == 1 ? little(ArchiveBytes.crc32(data)) : []
    let unpadded = header.count + packed.count + sum.count
    let block = header + packed + zeros((4 - packed.count % 4) % 4) + sum
    let record = [0, 1] + multibyte(unpadded) + multibyte(data.count)
    let index = summed(record + zeros((4 - record.count % 4) % 4))
    let footer = little(UInt32(index.count / 4 - 1)) + flags
    return [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0] + summed(flags) + block + index
      + little(ArchiveBytes.crc32(footer)) + footer + ascii("YZ")
  }

  private static func multibyte(_ value: Int) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7F | 0x80)] + multibyte(value >> 7)
  }

  private static let xz: [Specimen] = {
    let stream = xzStream(ArchiveBytes.text, check: 1)
    let plain = xzStream(ArchiveBytes.text, check: 0)
    return [
      Specimen(
        .xz, stream, verdict: .verified, boundaries: [12, 24, stream.count - 12],
        covered: [0..<stream.count]),
      Specimen(
        .xz, stream + zeros(8) + stream, label: "two streams with padding between them",
        verdict: .verified, boundaries: [stream.count, stream.count + 8],
        wholeCuts: [stream.count..<stream.count + 20]),
      Specimen(.xz, plain, label: "without checksum", verdict: .intact),
    ]
  }()

  private static let zstandard: [Specimen] = {
    let frame = PackedFiles.zstandard
    let text = ArchiveBytes.text
    // No checksum; two blocks as they are and one byte repeated.
    func block(_ kind: Int, _ size: Int, _ data: [UInt8], isLast: Bool = false) -> [UInt8] {
      Array(little(UInt32(size << 3 | kind << 1 | (isLast ? 1 : 0)))[..<3]) + data
    }
    let plain =
      [0x28, 0xB5, 0x2F, 0xFD, 0, 0x58] + block(0, text.count, text) + block(1, 9000, [7])
      + block(0, text.count, text, isLast: true)
    let skipped: [UInt8] = [0x5E, 0x2A, 0x4D, 0x18] + little(UInt32(30)) + zeros(30)
    return [
      Specimen(.zstandard, frame, verdict: .verified, covered: [19..<frame.count]),
      Specimen(.zstandard, plain, label: "without checksum", verdict: .intact),
      Specimen(
        .zstandard, frame + frame + skipped, label: "two frames and one to skip",
        verdict: .verified, boundaries: [frame.count, 2 * frame.count],
        wholeCuts: [frame.count..<frame.count + 14, 2 * frame.count..<2 * frame.count + 4]),
      // A window of 2 GiB is more than a decoder gets.
      Specimen(
        .zstandard, Array(plain[..<5]) + [0xA8] + plain[6...], label: "a wide window",
        verdict: .probable),
    ]
  }()

  private static let lzip: [Specimen] = [
    Specimen(
      .lzip, PackedFiles.lzip, verdict: .verified, covered: [6..<PackedFiles.lzip.count]),
    Specimen(
      .lzip, PackedFiles.lzip + PackedFiles.lzip, label: "two members", verdict: .verified,
      boundaries: [PackedFiles.lzip.count],
      wholeCuts: [PackedFiles.lzip.count..<PackedFiles.lzip.count + 6]),
    Specimen(.lzma, PackedFiles.lzma, verdict: .intact),
  ]
}
