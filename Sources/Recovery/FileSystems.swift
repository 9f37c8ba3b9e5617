// SPDX-License-Identifier: Apache-2.0

import Bytes
import Ext
import FAT
import Volumes

/// The file systems that can be read, in the order in which they are tried.
enum FileSystems {
  static let all: [@Sendable (Source) throws -> (any Volume)?] = [
    { try FATVolume.open($0) },
    { try ExtVolume.open($0) },
  ]
}
