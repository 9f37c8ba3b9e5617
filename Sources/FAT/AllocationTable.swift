// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The table that says of each cluster whether it is free, bad, or which one follows it.
///
/// Read in windows; where one copy cannot be read, or holds more impossible entries than the next,
/// the next is taken. Of a volume that is no longer in force, the copy that says more: a format
/// leaves zeros.
///
/// - Source: Microsoft, *FAT32 File System Specification* 1.03, "FAT Data Structure".
struct AllocationTable {
  enum Entry: Equatable {
    case free, bad, end, unknown
    case next(UInt32)
  }

  private let source: Source
  private let boot: BootSector
  private let isFormer: Bool
  private var windows: [UInt32: [UInt8]?] = [:]

  /// Divisible by the size of two FAT12 entries, so that none straddles a window.
  static let windowLength: UInt64 = 48 * 1024

  init(_ source: Source, _ boot: BootSector, isFormer: Bool = false) {
    self.source = source
    self.boot = boot
    self.isFormer = isFormer
  }

  var perWindow: UInt32 { UInt32(truncatingIfNeeded: Self.windowLength &* 8 / boot.kind.rawValue) }

  mutating func entry(of cluster: UInt32) -> Entry {
    guard boot.contains(cluster) else { return .unknown }
    let index = cluster / perWindow
    if windows[index] == nil {
      if windows.count >= 256 { windows.removeAll(keepingCapacity: true) }
      windows[index] = .some(window(index))
    }
    guard let window = windows[index] ?? nil else { return .unknown }
    return decode(window, at: Int(cluster % perWindow))
  }

  /// The better copy of a window; nil where none can be read.
  func window(_ index: UInt32) -> [UInt8]? {
    let skip = UInt64(index) &* Self.windowLength
    guard skip < boot.tableLength else { return nil }
    let count = ByteCount(min(Self.windowLength, boot.tableLength &- skip))
    var best: (bytes: [UInt8], worth: Int)?
    for table in boot.tables {
      guard let bytes = try? source.read(at: ByteOffset(table &+ skip), count: count) else {
        continue
      }
      let (damaged, used) = entries(of: bytes, window: index)
      if damaged == 0, !isFormer { return bytes }
      let worth = (isFormer ? used : 0) - 4 * damaged
      if best.map({ worth > $0.worth }) ?? true { best = (bytes, worth) }
    }
    return best?.bytes
  }

  /// How many entries point where no cluster is, and how many are those of a file.
  private func entries(of bytes: [UInt8], window: UInt32) -> (damaged: Int, used: Int) {
    var damaged = 0
    var used = 0
    let count = min(Int(perWindow), bytes.count * 8 / Int(boot.kind.rawValue))
    for index in 0..<count {
      if window == 0, index < 2 {
        if index == 0, bytes.first != boot.media { damaged += 1 }
        continue
      }
      if UInt64(window) &* UInt64(perWindow) &+ UInt64(index) >= UInt64(boot.clusterEnd) { break }
      switch decode(bytes, at: index) {
      case .unknown: damaged += 1
      case .next, .end: used += 1
      case .free, .bad: break
      }
    }
    return (damaged, used)
  }

  /// The entry at a place in a window.
  func decode(_ bytes: [UInt8], at index: Int) -> Entry {
    let value: UInt32
    let mask: UInt32
    switch boot.kind {
    case .fat12:
      guard let pair = try? bytes.little(UInt16.self, at: index * 3 / 2) else { return .unknown }
      value = UInt32(index & 1 == 1 ? pair >> 4 : pair & 0xFFF)
      mask = 0xFFF
    case .fat16:
      guard let word = try? bytes.little(UInt16.self, at: index * 2) else { return .unknown }
      value = UInt32(word)
      mask = 0xFFFF
    case .fat32:
      guard let word = try? bytes.little(UInt32.self, at: index * 4) else { return .unknown }
      value = word & 0x0FFF_FFFF
      mask = 0x0FFF_FFFF
    }
    if value == 0 { return .free }
    if value >= mask & ~7 { return .end }
    if value == mask & ~8 { return .bad }
    return boot.contains(value) ? .next(value) : .unknown
  }
}
