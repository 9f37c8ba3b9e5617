// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Foundation
import Testing

@testable import Ext

/// Little-endian and big-endian fields in a block.
struct Block {
  var bytes: [UInt8]

  init(_ count: Int = 1024) { bytes = [UInt8](repeating: 0, count: count) }

  mutating func put(_ at: Int, _ new: [UInt8]) {
    bytes.replaceSubrange(at..<at + new.count, with: new)
  }

  mutating func little<T: FixedWidthInteger>(_ at: Int, _ value: T) {
    put(at, withUnsafeBytes(of: value.littleEndian) { Array($0) })
  }

  mutating func big<T: FixedWidthInteger>(_ at: Int, _ value: T) {
    put(at, withUnsafeBytes(of: value.bigEndian) { Array($0) })
  }
}

/// An ext2 volume of 64 blocks of 1,024 bytes in one group: superblock 1, descriptors 2, bitmaps 3
/// and 4, inode table 5 and 6, free from 7 on.
struct VolumeBuilder {
  var bytes = [UInt8](repeating: 0, count: 64 << 10)

  init() {
    put(1, Self.superblock().bytes)
    var descriptor = Block()
    descriptor.little(0, UInt32(3))
    descriptor.little(4, UInt32(4))
    descriptor.little(8, UInt32(5))
    put(2, descriptor.bytes)
  }

  static func superblock() -> Block {
    var block = Block()
    block.little(0, UInt32(16))  // inodes
    block.little(4, UInt32(64))  // blocks
    block.little(0x14, UInt32(1))
    block.little(0x20, UInt32(8192))
    block.little(0x24, UInt32(8192))
    block.little(0x28, UInt32(16))
    block.little(0x38, UInt16(0xEF53))
    block.little(0x3A, UInt16(1))
    block.little(0x4C, UInt32(1))
    block.little(0x54, UInt32(11))
    block.little(0x58, UInt16(128))
    block.little(0x60, UInt32(2))  // directory entries have types
    return block
  }

  mutating func put(_ block: Int, _ new: [UInt8]) {
    bytes.replaceSubrange(block << 10..<(block << 10) + new.count, with: new)
  }

  /// Writes an inode with direct pointers.
  mutating func inode(_ number: Int, mode: UInt16, size: Int, blocks: [UInt32]) {
    var record = Block(128)
    record.little(0, mode)
    record.little(4, UInt32(size))
    record.little(0x10, UInt32(1_000_000_000))
    record.little(0x1A, UInt16(1))
    for (index, block) in blocks.enumerated() { record.little(0x28 + 4 * index, block) }
    bytes.replaceSubrange(
      5 << 10 + (number - 1) * 128..<(5 << 10) + number * 128, with: record.bytes)
  }

  /// A directory block of these entries; the last reaches to the end.
  static func directory(_ entries: [(inode: UInt32, name: String, type: UInt8)], count: Int = 1024)
    -> [UInt8]
  {
    var block = Block(count)
    var at = 0
    for (index, entry) in entries.enumerated() {
      let name = Array(entry.name.utf8)
      let length = index == entries.count - 1 ? count - at : (8 + name.count + 3) & ~3
      block.little(at, entry.inode)
      block.little(at + 4, UInt16(truncatingIfNeeded: length))
      block.put(at + 6, [UInt8(name.count), entry.type])
      block.put(at + 8, name)
      at += length
    }
    return block.bytes
  }

  func source() -> Source { Source(MemoryMedium(bytes)) }
}

/// An image of TestImages; nil where gzip is missing.
func testImage(_ name: String) throws -> [UInt8]? {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  guard FileManager.default.isExecutableFile(atPath: "/usr/bin/gzip") else { return nil }
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/gzip")
  process.arguments = ["-dc", root.appending(path: "TestImages/\(name)/image.gz").path]
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  return Array(data)
}

/// Where the tool lies that makes such volumes.
let mke2fs = ["/usr/sbin/mke2fs", "/sbin/mke2fs"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}

/// A new volume of 16 MiB, made by mke2fs; nil where that fails.
func formatted(_ options: [String]) throws -> [UInt8]? {
  let path = FileManager.default.temporaryDirectory.path + "/renflou-test-" + UUID().uuidString
  defer { try? FileManager.default.removeItem(atPath: path) }
  let process = Process()
  process.executableURL = mke2fs.map { URL(filePath: $0) }
  process.arguments = ["-q", "-F"] + options + [path, "16M"]
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { return nil }
  return Array(try Data(contentsOf: URL(filePath: path)))
}
