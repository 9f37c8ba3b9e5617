// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Ext

@Suite struct `An ext superblock` {
  @Test func `gives the geometry`() throws {
    let superblock = try #require(try Superblock(VolumeBuilder.superblock().bytes))
    #expect(superblock.blockSize == 1024)
    #expect(superblock.groupCount == 1)
    #expect(superblock.inodeSize == 128)
    #expect(superblock.kind == "ext2")
  }

  @Test func `cut short anywhere is none`() {
    let bytes = VolumeBuilder.superblock().bytes
    for count in 0..<bytes.count {
      #expect((try? Superblock(Array(bytes[..<count]))) == nil, "cut to \(count)")
    }
  }

  @Test(
    arguments: [
      (0x18, 7), (0x20, 0), (0x20, 8193), (0x28, 0), (0x28, 8193), (0x14, 64), (0x58, 100),
      (0x58, 2048), (4, 0),
    ] as [(Int, UInt32)])
  func `with an impossible geometry is none`(at: Int, value: UInt32) throws {
    var block = VolumeBuilder.superblock()
    if at == 0x58 { block.little(at, UInt16(value)) } else { block.little(at, value) }
    #expect(try Superblock(block.bytes) == nil)
  }

  @Test func `copies lie in group 1 and in powers of 3, 5 and 7`() throws {
    var block = VolumeBuilder.superblock()
    block.little(0x64, UInt32(1))
    let superblock = try #require(try Superblock(block.bytes))
    let groups = (0..<130 as Range<UInt64>).filter(superblock.hasBackup)
    #expect(groups == [0, 1, 3, 5, 7, 9, 25, 27, 49, 81, 125])
  }

  @Test func `with any field damaged opens or is refused`() throws {
    var opened = 0
    for at in 0..<1024 {
      for value in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
        var builder = VolumeBuilder()
        builder.bytes[1024 + at] = value
        if let volume = try? ExtVolume.open(builder.source()) {
          opened += 1
          _ = volume.allocation()
          try volume.visit(number: 1, landmarks: []) { _ in }
        }
      }
    }
    #expect(opened > 3000)
  }

  @Test(arguments: ["ext4", "ext4-1k", "ext3", "ext2"])
  func `is read as libext2fs reads it`(_ image: String) throws {
    guard let bytes = try testImage(image) else { return }
    let source = Source(bytes: bytes)
    let superblock = try #require(try Superblock(Array(bytes[1024..<2048])))
    let layout = try Layout(superblock, in: source)
    let library = try #require(LibraryGeometry(layout, in: source))
    #expect(library == LibraryGeometry(layout))
  }

  @Test(
    .enabled(if: mke2fs != nil, "mke2fs is missing"),
    arguments: [
      ["-t", "ext4", "-b", "1024", "-O", "bigalloc"],
      ["-t", "ext4", "-b", "4096", "-O", "bigalloc"],
      ["-t", "ext4", "-b", "1024", "-O", "meta_bg,^resize_inode"],
      ["-t", "ext4", "-b", "2048", "-O", "^64bit"], ["-t", "ext4", "-O", "metadata_csum_seed"],
      ["-t", "ext4", "-O", "sparse_super2"], ["-t", "ext3", "-I", "128"],
      ["-t", "ext2", "-b", "1024", "-g", "1024"],
    ])
  func `is read as libext2fs reads it, with these features`(_ options: [String]) throws {
    let bytes = try #require(try formatted(options))
    let superblock = try #require(try Superblock(Array(bytes[1024..<2048])))
    let source = Source(bytes: bytes)
    let layout = try Layout(superblock, in: source)
    #expect(LibraryGeometry(layout, in: source) == LibraryGeometry(layout))
    let volume = try #require(try ExtVolume.open(source))
    #expect(volume.inode(2)?.kind == .folder)
    #expect(volume.remarks.isEmpty)
  }

  @Test func `that was damaged is replaced by a copy`() throws {
    guard var bytes = try testImage("ext4-1k") else { return }
    let whole = try #require(try ExtVolume.open(Source(bytes: bytes)))
    bytes.replaceSubrange(1024..<2048, with: [UInt8](repeating: 0, count: 1024))
    let volume = try #require(try ExtVolume.open(Source(bytes: bytes)))
    #expect(volume.isFromBackup)
    #expect(volume.label == whole.label)
    #expect(volume.inode(2)?.kind == .folder)
  }
}
