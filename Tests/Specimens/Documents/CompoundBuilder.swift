// SPDX-License-Identifier: Apache-2.0

/// Lays out a compound file: header, table, directory, small streams, then the large ones in order.
struct CompoundBuilder {
  private static let free: UInt32 = 0xFFFF_FFFF
  private static let endOfChain: UInt32 = 0xFFFF_FFFE
  private static let cutoff = 4096

  let shift: UInt16
  private var sectorSize: Int { 1 << Int(shift) }
  private var streams: [(name: String, bytes: [UInt8])] = []
  private var classID = zeros(16)

  init(shift: UInt16 = 9, classID: [UInt8] = []) {
    self.shift = shift
    self.classID = classID + zeros(16 - classID.count)
  }

  mutating func add(_ name: String, _ bytes: [UInt8]) { streams.append((name, bytes)) }

  private func sectors(_ count: Int) -> Int { (count + sectorSize - 1) / sectorSize }

  private func padded(_ bytes: [UInt8]) -> [UInt8] {
    bytes + zeros(sectors(bytes.count) * sectorSize - bytes.count)
  }

  private func entry(
    _ name: String, kind: UInt8, right: UInt32, child: UInt32, start: UInt32, size: Int
  ) -> [UInt8] {
    let units = Array(name.utf16).flatMap { little($0) }
    return DocumentBytes.joined(
      units, zeros(64 - units.count), little(UInt16(units.count + 2)), [kind, 1],
      little(Self.free), little(right), little(child), kind == 5 ? classID : zeros(16), zeros(20),
      little(start), little(UInt64(size)))
  }

  var bytes: [UInt8] {
    let small = streams.filter { $0.bytes.count < Self.cutoff }
    let mini = small.flatMap { $0.bytes + zeros((64 - $0.bytes.count % 64) % 64) }
    let directorySectors = sectors((streams.count + 1) * 128)
    var fat: [UInt32] = [0xFFFF_FFFD]
    func chain(_ count: Int) -> UInt32 {
      guard count > 0 else { return Self.endOfChain }
      let start = UInt32(fat.count)
      for index in 1...count {
        fat.append(index == count ? Self.endOfChain : start + UInt32(index))
      }
      return start
    }
    let directoryStart = chain(directorySectors)
    let miniTableStart = chain(small.isEmpty ? 0 : 1)
    let miniStart = chain(sectors(mini.count))
    var miniTable: [UInt32] = []
    var entries: [[UInt8]] = []
    var body: [UInt8] = []
    for (index, stream) in streams.enumerated() {
      let start: UInt32
      if stream.bytes.count < Self.cutoff {
        start = UInt32(miniTable.count)
        let count = (stream.bytes.count + 63) / 64
        for part in 1...count {
          miniTable.append(part == count ? Self.endOfChain : start + UInt32(part))
        }
      } else {
        start = chain(sectors(stream.bytes.count))
        body += padded(stream.bytes)
      }
      let right = index + 1 < streams.count ? UInt32(index + 2) : Self.free
      entries.append(
        entry(
          stream.name, kind: 2, right: right, child: Self.free, start: start,
          size: stream.bytes.count))
    }
    let root = entry(
      "Root Entry", kind: 5, right: Self.free, child: streams.isEmpty ? Self.free : 1,
      start: miniStart, size: mini.count)
    let directory = root + entries.flatMap { $0 }
    let table = { (words: [UInt32], count: Int) -> [UInt8] in
      words.flatMap { little($0) } + [UInt8](repeating: 0xFF, count: count - 4 * words.count)
    }
    let header = DocumentBytes.joined(
      [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], zeros(16), little(UInt16(0x3E)),
      little(UInt16(shift == 9 ? 3 : 4)), [0xFE, 0xFF], little(shift), little(UInt16(6)), zeros(6),
      little(UInt32(0)), little(UInt32(1)), little(directoryStart), zeros(4),
      little(UInt32(Self.cutoff)), little(miniTableStart), little(UInt32(small.isEmpty ? 0 : 1)),
      little(Self.endOfChain), zeros(4), table([0], 436))
    var bytes = header + zeros(sectorSize - header.count)
    bytes += table(fat, sectorSize) + padded(directory)
    bytes += small.isEmpty ? [] : table(miniTable, sectorSize) + padded(mini)
    return bytes + body
  }
}
