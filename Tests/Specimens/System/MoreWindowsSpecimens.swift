// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

/// Minidumps, old event logs and what the recycle bin notes.
enum MoreWindowsSpecimens {
  static let all: [Specimen] = [minidump, savedLog, usedLog, recycled]

  private static let moment = Timestamp(
    year: 2024, month: 2, day: 3, hour: 4, minute: 5, second: 6)
  private static let seconds = little(UInt32(1_706_933_106))

  private static let minidump: Specimen = {
    func place(_ size: Int, _ offset: Int) -> [UInt8] {
      little(UInt32(size)) + little(UInt32(offset))
    }
    func stream(_ kind: UInt32, _ size: Int, _ offset: Int) -> [UInt8] {
      little(kind) + place(size, offset)
    }
    // Header, directory, system, module list, a name, a thread list, a context, a long list.
    let (system, modules, name, threads, context, long) = (96, 152, 264, 300, 352, 400)
    let memory = 448
    let text = "C:\\a.exe".utf16.flatMap { little($0) }
    var bytes =
      ascii("MDMP") + [0x93, 0xA7, 0, 0] + little(UInt32(4)) + little(UInt32(32)) + zeros(4)
      + seconds + zeros(8)
    bytes +=
      stream(7, 56, system) + stream(4, 112, modules) + stream(3, 52, threads)
      + stream(9, 48, long) + zeros(16)
    bytes += [9, 0, 6, 0] + zeros(52)
    bytes += little(UInt32(1)) + zeros(20) + little(UInt32(name)) + zeros(84)
    bytes += little(UInt32(text.count)) + text + zeros(16)
    bytes += little(UInt32(1)) + zeros(32) + place(0, 0) + place(48, context)
    bytes += junk(48)
    bytes += little(UInt64(2)) + little(UInt64(memory)) + zeros(8) + little(UInt64(500))
    bytes += zeros(8) + little(UInt64(700))
    return Specimen(
      .minidump, bytes + junk(1200), date: moment, verdict: .probable,
      boundaries: [32, 80, system, modules, name, threads, context, long, memory])
  }()

  private static func log(records: Int, most: Int) -> [UInt8] {
    let size = little(UInt32(80))
    let record = size + ascii("LfLe") + little(UInt32(1)) + seconds + seconds + junk(56) + size
    let end = 0x30 + record.count * records
    let places = little(UInt32(0x30)) + little(UInt32(end))
    let counts = little(UInt32(records + 1)) + little(UInt32(1))
    let header =
      little(UInt32(0x30)) + ascii("LfLe") + [1, 0, 0, 0, 1, 0, 0, 0] + places + counts
      + little(UInt32(most)) + zeros(8) + little(UInt32(0x30))
    let last: [UInt8] =
      little(UInt32(0x28))
      + [UInt32(0x1111_1111), 0x2222_2222, 0x3333_3333, 0x4444_4444]
      .flatMap { little($0) }
    return header + Array(repeatElement(record, count: records).joined()) + last + places + counts
      + little(UInt32(0x28))
  }

  private static let savedLog = Specimen(
    .oldEventLog, log(records: 9, most: 808), label: "saved", date: moment, verdict: .intact,
    boundaries: [0x30, 0x30 + 80, 0x30 + 720])

  private static let usedLog: Specimen = {
    let bytes = log(records: 40, most: 0x8_0000)
    return Specimen(
      .oldEventLog, bytes + zeros(0x1_0000 - bytes.count), label: "in use", date: moment,
      verdict: .probable, boundaries: [0x30])
  }()

  private static let recycled: Specimen = {
    let path = "C:\\Boats\\harbor.txt\0".utf16.flatMap { little($0) }
    let time = (UInt64(11_644_473_600) + 1_706_933_106) * 10_000_000
    return Specimen(
      .recycledFile,
      little(UInt64(2)) + little(UInt64(4000)) + little(time) + little(UInt32(path.count / 2))
        + path, name: "harbor.txt", date: moment, verdict: .intact, boundaries: [28])
  }()
}
