// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Fixtures
import Foundation
import Testing

@testable import Btrfs

/// Little-endian fields in a block.
struct Block {
  var bytes: [UInt8]

  init(_ count: Int) { bytes = [UInt8](repeating: 0, count: count) }

  mutating func put(_ at: Int, _ new: [UInt8]) {
    bytes.replaceSubrange(at..<at + new.count, with: new)
  }

  mutating func little<T: FixedWidthInteger>(_ at: Int, _ value: T) {
    put(at, withUnsafeBytes(of: value.littleEndian) { Array($0) })
  }

  mutating func key(_ at: Int, _ key: Key) {
    little(at, key.object)
    little(at + 8, key.kind)
    little(at + 9, key.offset)
  }

  /// The CRC-32C of what follows the first 32 bytes, at the start.
  mutating func seal() {
    var sum = CRC32(.castagnoli)
    sum.update(Array(bytes[0x20...]))
    little(0, sum.value)
  }
}

/// A Btrfs of 1 MiB in nodes and sectors of 4 KiB: one chunk of mixed content, whose addresses are the
/// places on the device.
struct VolumeBuilder {
  static let id = [UInt8](1...16)
  var bytes = [UInt8](repeating: 0, count: 1 << 20)

  init(generation: UInt64 = 9, root: UInt64 = 0x2_0000, chunks: UInt64 = 0x2_1000) {
    superblock(generation: generation, root: root, chunks: chunks)
    leaf(
      at: chunks, tree: ObjectNumber.chunkTree, generation: 1,
      [(Key(ObjectNumber.first, ItemKind.chunk, 0), Self.chunk().bytes)])
  }

  mutating func put(_ at: UInt64, _ new: [UInt8]) {
    bytes.replaceSubrange(Int(at)..<Int(at) + new.count, with: new)
  }

  /// A chunk of all of the device.
  static func chunk(
    kind: Chunk.Kind = [.data, .metadata, .system],
    stripes: [(device: UInt64, place: UInt64)] = [(1, 0)],
    length: UInt64 = 1 << 20, copies: UInt16 = 1
  ) -> Block {
    var block = Block(Chunk.size(stripes: stripes.count))
    block.little(0, length)
    block.little(0x10, UInt64(0x1_0000))
    block.little(0x18, kind.rawValue)
    block.little(0x2C, UInt16(stripes.count))
    block.little(0x2E, copies)
    for (index, stripe) in stripes.enumerated() {
      block.little(0x30 + 32 * index, stripe.device)
      block.little(0x38 + 32 * index, stripe.place)
    }
    return block
  }

  mutating func superblock(generation: UInt64, root: UInt64, chunks: UInt64) {
    var block = Block(4096)
    block.put(0x20, Self.id)
    block.little(0x30, UInt64(0x1_0000))
    block.put(0x40, Array("_BHRfS_M".utf8))
    block.little(0x48, generation)
    block.little(0x50, root)
    block.little(0x58, chunks)
    block.little(0x88, UInt64(1))
    block.little(0x90, UInt32(4096))
    block.little(0x94, UInt32(4096))
    block.little(0xA4, UInt64(1))
    block.little(0xC9, UInt64(1))
    block.little(0xD1, UInt64(1 << 20))
    block.put(0x12B, Array("TEST".utf8))
    let chunk = Self.chunk().bytes
    block.little(0xA0, UInt32(Key.size + chunk.count))
    block.key(0x32B, Key(ObjectNumber.first, ItemKind.chunk, 0))
    block.put(0x32B + Key.size, chunk)
    block.seal()
    put(0x1_0000, block.bytes)
  }

  private func header(
    at address: UInt64, tree: UInt64, generation: UInt64, count: Int, level: UInt8
  ) -> Block {
    var block = Block(4096)
    block.put(0x20, Self.id)
    block.little(0x30, address)
    block.little(0x50, generation)
    block.little(0x58, tree)
    block.little(0x60, UInt32(count))
    block.little(0x64, level)
    return block
  }

  mutating func leaf(
    at address: UInt64, tree: UInt64, generation: UInt64, _ items: [(key: Key, data: [UInt8])]
  ) {
    var block = header(
      at: address, tree: tree, generation: generation, count: items.count, level: 0)
    var end = 4096
    for (index, item) in items.enumerated() {
      end -= item.data.count
      block.key(101 + 25 * index, item.key)
      block.little(101 + 25 * index + 17, UInt32(end - 101))
      block.little(101 + 25 * index + 21, UInt32(item.data.count))
      block.put(end, item.data)
    }
    block.seal()
    put(address, block.bytes)
  }

  mutating func parent(
    at address: UInt64, tree: UInt64, generation: UInt64, level: UInt8 = 1,
    _ children: [(key: Key, address: UInt64, generation: UInt64)]
  ) {
    var block = header(
      at: address, tree: tree, generation: generation, count: children.count, level: level)
    for (index, child) in children.enumerated() {
      block.key(101 + 33 * index, child.key)
      block.little(101 + 33 * index + 17, child.address)
      block.little(101 + 33 * index + 25, child.generation)
    }
    block.seal()
    put(address, block.bytes)
  }

  static func root(at address: UInt64, generation: UInt64, level: UInt8 = 0) -> [UInt8] {
    var block = Block(439)
    block.little(0xA0, generation)
    block.little(0xB0, address)
    block.little(0xD8, UInt32(1))
    block.little(0xEE, level)
    return block.bytes
  }

  static func inode(
    size: Int, stored: Int, changed: UInt64, mode: UInt32 = 0o100644, links: UInt32 = 1,
    flags: UInt64 = 0, made: UInt64 = 1
  ) -> [UInt8] {
    var block = Block(160)
    block.little(0, made)
    block.little(8, changed)
    block.little(0x10, UInt64(size))
    block.little(0x18, UInt64(stored))
    block.little(0x28, links)
    block.little(0x34, mode)
    block.little(0x40, flags)
    block.little(0x88, Int64(1_000_000_000 + Int64(changed)))
    return block.bytes
  }

  static func name(_ name: String) -> [UInt8] {
    var block = Block(10 + name.utf8.count)
    block.little(8, UInt16(name.utf8.count))
    block.put(10, Array(name.utf8))
    return block.bytes
  }

  static func extent(
    at address: UInt64, stored: UInt64, count: UInt64, generation: UInt64, compression: UInt8 = 0
  ) -> [UInt8] {
    var block = Block(53)
    block.little(0, generation)
    block.little(8, count)
    block.little(0x10, compression)
    block.little(0x14, UInt8(1))
    block.little(0x15, address)
    block.little(0x1D, stored)
    block.little(0x2D, count)
    return block.bytes
  }

  static func inline(_ bytes: [UInt8]) -> [UInt8] {
    var block = Block(21)
    block.little(8, UInt64(bytes.count))
    return block.bytes + bytes
  }

  /// Checksums of sectors, end to end.
  func sums(of address: UInt64, sectors: Int) -> [UInt8] {
    (0..<sectors).flatMap { sector -> [UInt8] in
      let start = Int(address) + 4096 * sector
      var sum = CRC32(.castagnoli)
      sum.update(Array(bytes[start..<start + 4096]))
      return withUnsafeBytes(of: sum.value.littleEndian) { Array($0) }
    }
  }

  func source() -> Source { Source(MemoryMedium(bytes)) }
}
