// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc

/// The files in which the kernel tells about devices and mounts, below `/` or, in tests, elsewhere.
package struct SystemFiles: Sendable {
  private let root: String

  package init(root: String = "") { self.root = root }

  /// The text of a small file without blanks at its ends; nil where it cannot be read.
  package func text(_ path: String) -> String? {
    let number = unsafe cs_open_source(root + path)
    guard number >= 0 else { return nil }
    let file = Descriptor(number)
    let buffer = ScratchBuffer(count: 0x1_0000)
    var bytes: [UInt8] = []
    while bytes.count < Self.longest {
      guard
        case .success(let got) = unsafe file.read(
          at: ByteOffset(ByteCount(clamping: bytes.count)), into: buffer.bytes), got > 0
      else { break }
      // SAFETY: the read filled `got` bytes of the buffer.
      unsafe bytes.append(contentsOf: buffer.bytes[..<got])
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }

  /// No file of the kernel's is longer: 16 MiB (mounts of a machine with very many).
  private static let longest = 0x100_0000

  /// The names in a folder, sorted; none where there is no such folder.
  package func names(_ path: String) -> [String] {
    guard let folder = unsafe opendir(root + path) else { return [] }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      // SAFETY: the kernel ends each name inside the entry.
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// The path with all links followed, below the root; nil where it does not exist.
  package func resolved(_ path: String) -> String? {
    guard let real = unsafe realpath(root + path, nil) else { return nil }
    defer { unsafe free(real) }
    let text = unsafe String(cString: real)
    return text.hasPrefix(root) ? String(text.dropFirst(root.count)) : nil
  }

  /// What lies at a path.
  package func status(_ path: String) -> FileStatus? {
    var status = cs_status()
    guard unsafe cs_status_of_path(root + path, &status) == 0 else { return nil }
    return FileStatus(status)
  }
}

/// Where a file is, and which device it is.
package struct FileStatus: Hashable, Sendable {
  /// The device it lies on.
  package let device: DeviceNumber
  package let inode: UInt64
  /// The id of the mount that it was reached through; 0 where the kernel does not say.
  package let mount: UInt64
  /// The device that it is; nil for files and folders.
  package let blockDevice: DeviceNumber?
  package let isFolder: Bool

  package init(
    device: DeviceNumber, inode: UInt64, mount: UInt64 = 0, blockDevice: DeviceNumber? = nil,
    isFolder: Bool = false
  ) {
    self.device = device
    self.inode = inode
    self.mount = mount
    self.blockDevice = blockDevice
    self.isFolder = isFolder
  }

  init(_ status: cs_status) {
    self.init(
      device: DeviceNumber(status.device), inode: status.inode, mount: status.mount,
      blockDevice: status.kind == CS_BLOCK_DEVICE ? DeviceNumber(status.number) : nil,
      isFolder: status.kind == CS_FOLDER)
  }
}
