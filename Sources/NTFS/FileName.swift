// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A name of a file in a folder, as it stands in a record and in the folder's index.
///
///     0x00  u64  folder            0x08  u64×4  times, as in StandardInformation
///     0x30  u64  size              0x38  u32  attributes; 0x10000000: a folder
///     0x40  u8   characters        0x41  u8   0: POSIX, 1: Win32, 2: DOS, 3: both
///     0x42  the name
///
/// - Source: Carrier, *File System Forensic Analysis*, ch. 13, "$FILE_NAME Attribute".
struct FileName: Hashable, Sendable {
  static let headerSize = 0x42

  let parent: FileReference
  let times: Times
  let size: ByteCount
  let isFolder: Bool
  /// The short alias of another name.
  let isShort: Bool
  let name: RawName

  /// The same name in another folder.
  func moved(to folder: FileReference) -> Self {
    Self(
      parent: folder, times: times, size: size, isFolder: isFolder, isShort: isShort, name: name)
  }

  /// Nil where the bytes at `offset` are no name.
  init?(_ bytes: [UInt8], at offset: Int) {
    guard let parent = try? bytes.little(UInt64.self, at: offset),
      let size = try? bytes.little(UInt64.self, at: offset + 0x30),
      let flags = try? bytes.little(UInt32.self, at: offset + 0x38),
      let length = try? bytes.little(UInt8.self, at: offset + 0x40), length > 0,
      let space = try? bytes.little(UInt8.self, at: offset + 0x41), space <= 3,
      let name = try? bytes.copy(at: offset + Self.headerSize, count: 2 * Int(length))
    else { return nil }
    self.parent = FileReference(parent)
    times = Times(fileTimes: bytes, at: offset + 8)
    self.size = size < 1 << 62 ? ByteCount(size) : 0
    isFolder = flags & 0x1000_0000 != 0
    isShort = space == 2
    self.name = RawUTF16(name).name
  }

  init(
    parent: FileReference, times: Times, size: ByteCount, isFolder: Bool, isShort: Bool,
    name: RawName
  ) {
    self.parent = parent
    self.times = times
    self.size = size
    self.isFolder = isFolder
    self.isShort = isShort
    self.name = name
  }
}
