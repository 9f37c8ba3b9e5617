// SPDX-License-Identifier: Apache-2.0

import CStorage

/// Steps below an open folder, one clean component at a time. Each returns what the system said: a
/// descriptor or 0, or a negated errno.
extension Descriptor {
  func makeFolder(_ name: [UInt8]) -> Int32 { unsafe cs_make_folder_at(number, name.cString) }

  /// Opens a folder below this one, never through a link.
  func openFolder(_ name: [UInt8]) -> Int32 { unsafe cs_open_folder_at(number, name.cString) }

  /// Creates a file that must not exist yet.
  func create(_ name: [UInt8]) -> Int32 { unsafe cs_create_at(number, name.cString) }

  func unlink(_ name: [UInt8]) -> Int32 { unsafe cs_unlink_at(number, name.cString) }

  /// Renames within this folder, never onto something that exists.
  func rename(_ from: [UInt8], _ to: [UInt8]) -> Int32 {
    unsafe cs_rename_at(number, from.cString, to.cString)
  }

  func status(of name: [UInt8]) -> cs_status? {
    var status = cs_status()
    return unsafe cs_status_at(number, name.cString, &status) == 0 ? status : nil
  }
}

extension [UInt8] {
  /// The bytes with a terminator; a NUL among them would cut the name, so callers pass safe names.
  fileprivate var cString: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}
