// SPDX-License-Identifier: Apache-2.0

import Bytes
import CExt2FS

/// What libext2fs reads a volume through: blocks of a `Source`, and no way to write.
final class LibraryChannel {
  private let source: Source

  init(_ source: Source) { self.source = source }

  /// The name under which the library opens this channel: the address of the object, which must
  /// outlive the handle.
  var name: String {
    // SAFETY: only the address is taken.
    String(UInt(bitPattern: unsafe Unmanaged.passUnretained(self).toOpaque()), radix: 16)
  }

  /// - Parameter count: in blocks; below zero, in bytes. That is the library's convention.
  fileprivate func read(
    block: UInt64, count: CInt, blockSize: CInt, into data: UnsafeMutableRawPointer
  ) -> errcode_t {
    let size = UInt64(clamping: blockSize)
    let length = count < 0 ? UInt64(count.magnitude) : UInt64(count) * size
    let (start, overflow) = block.multipliedReportingOverflow(by: size)
    guard !overflow, length <= 0x1000_0000,
      let bytes = try? source.read(at: ByteOffset(start), count: ByteCount(length))
    else { return errcode_t(EXT2_ET_SHORT_READ) }
    // SAFETY: the library asks for as much as it has room for.
    unsafe UnsafeMutableRawBufferPointer(start: data, count: bytes.count).copyBytes(from: bytes)
    return 0
  }

  /// The channel behind the library's handle.
  fileprivate static func of(_ channel: io_channel) -> LibraryChannel? {
    // SAFETY: `open` put it there, and its owner keeps it alive as long as the handle.
    unsafe channel.pointee.private_data.map {
      unsafe Unmanaged<LibraryChannel>.fromOpaque($0).takeUnretainedValue()
    }
  }
}

/// The library's table of functions, made once and only read after that.
// SAFETY: nobody writes to it once it is made.
@safe struct LibraryManager: @unchecked Sendable {
  let pointer: io_manager

  static let shared = LibraryManager()

  private init() {
    // SAFETY: never freed, and written here alone.
    unsafe pointer = .allocate(capacity: 1)
    unsafe pointer.initialize(to: struct_io_manager())
    unsafe pointer.pointee.magic = errcode_t(EXT2_ET_MAGIC_IO_MANAGER)
    unsafe pointer.pointee.open = { name, _, result in
      guard let name = unsafe name, let result = unsafe result,
        let address = UInt(unsafe String(cString: name), radix: 16),
        let owner = unsafe UnsafeMutableRawPointer(bitPattern: address)
      else { return errcode_t(EXT2_ET_BAD_DEVICE_NAME) }
      let channel = io_channel.allocate(capacity: 1)
      unsafe channel.initialize(to: struct_io_channel())
      unsafe channel.pointee.magic = errcode_t(EXT2_ET_MAGIC_IO_CHANNEL)
      unsafe channel.pointee.manager = LibraryManager.shared.pointer
      unsafe channel.pointee.block_size = 1024
      unsafe channel.pointee.refcount = 1
      unsafe channel.pointee.private_data = unsafe owner
      unsafe result.pointee = unsafe channel
      return 0
    }
    unsafe pointer.pointee.close = { channel in
      guard let channel = unsafe channel else { return 0 }
      unsafe channel.pointee.refcount -= 1
      if unsafe channel.pointee.refcount <= 0 {
        unsafe channel.deinitialize(count: 1)
        unsafe channel.deallocate()
      }
      return 0
    }
    unsafe pointer.pointee.set_blksize = { channel, size in
      guard let channel = unsafe channel else { return Self.failed }
      unsafe channel.pointee.block_size = size
      return 0
    }
    unsafe pointer.pointee.read_blk = { channel, block, count, data in
      guard let channel = unsafe channel, let data = unsafe data else { return Self.failed }
      let size = unsafe channel.pointee.block_size
      return unsafe LibraryChannel.of(channel)?
        .read(block: UInt64(block), count: count, blockSize: size, into: data) ?? Self.failed
    }
    unsafe pointer.pointee.read_blk64 = { channel, block, count, data in
      guard let channel = unsafe channel, let data = unsafe data else { return Self.failed }
      let size = unsafe channel.pointee.block_size
      return unsafe LibraryChannel.of(channel)?
        .read(block: block, count: count, blockSize: size, into: data) ?? Self.failed
    }
    unsafe pointer.pointee.write_blk = { _, _, _, _ in errcode_t(EXT2_ET_RO_FILSYS) }
    unsafe pointer.pointee.write_blk64 = { _, _, _, _ in errcode_t(EXT2_ET_RO_FILSYS) }
    unsafe pointer.pointee.write_byte = { _, _, _, _ in errcode_t(EXT2_ET_RO_FILSYS) }
    unsafe pointer.pointee.flush = { _ in 0 }
  }

  private static var failed: errcode_t { errcode_t(EXT2_ET_SHORT_READ) }
}
