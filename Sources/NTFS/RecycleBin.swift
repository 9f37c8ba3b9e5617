// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Where files in the recycle bin came from: beside each `$R…` lies a `$I…` that says so.
///
///     0  u64  version: 1 or 2   8  u64  size   16  u64  when it was deleted
///     version 1: 24  the path in UTF-16, 260 characters
///     version 2: 24  u32  characters   28  the path
///
/// - Source: J. Metz, *Windows Recycle.Bin file formats*, "$I".
struct RecycleBin {
  private struct Place: Hashable {
    let folder: FileReference
    /// What follows "$I" and "$R".
    let name: RawName
  }

  private var originals: [Place: [RawName]] = [:]

  /// Learns from a record that describes a `$I…`.
  mutating func add(_ record: Record, _ names: [FileName]) {
    guard !record.isFolder,
      let name = names.first(where: { !$0.isShort && $0.name.bytes.starts(with: [0x24, 0x49]) })
    else { return }
    for attribute in record.attributes where attribute.type == .data && attribute.name.isEmpty {
      if case .resident(let value) = attribute.form, let path = Self.path(value) {
        let key = RawName(Array(name.name.bytes.dropFirst(2)))
        originals[Place(folder: name.parent, name: key)] = path
      }
    }
  }

  /// The path that a file in the bin had, from the root of its drive.
  func original(of name: RawName, in folder: FileReference) -> [RawName]? {
    guard name.bytes.starts(with: [0x24, 0x52]) else { return nil }
    return originals[Place(folder: folder, name: RawName(Array(name.bytes.dropFirst(2))))]
  }

  private static func path(_ bytes: [UInt8]) -> [RawName]? {
    guard let version = try? bytes.little(UInt64.self, at: 0) else { return nil }
    let text: [UInt8]
    switch version {
    case 1 where bytes.count == 544: text = Array(bytes.dropFirst(24))
    case 2:
      guard let characters = try? bytes.little(UInt32.self, at: 24), characters <= 0x8000,
        let path = try? bytes.copy(at: 28, count: 2 * Int(characters))
      else { return nil }
      text = path
    default: return nil
    }
    let units = RawUTF16(text).units.prefix { $0 != 0 }
    // "C:\folder\name"
    guard units.count > 3, units[1] == 0x3A, units[2] == 0x5C else { return nil }
    let parts = units.dropFirst(3).split(separator: 0x5C)
    guard !parts.isEmpty, parts.count < 256 else { return nil }
    return parts.map { RawName(String(decoding: $0, as: UTF16.self)) }
  }
}
