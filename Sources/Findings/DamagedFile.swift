// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A file of which some bytes were not read.
package struct DamagedFile: Sendable, Equatable {
  /// As lists show it, raw: the volume's folder, its folders, its name.
  package let path: [UInt8]
  /// Its number in the case; nil where there is none.
  package let id: Int64?
  package let size: ByteCount
  package let isDeleted: Bool
  package let loss: Loss

  package init(path: [UInt8], id: Int64?, size: ByteCount, isDeleted: Bool, loss: Loss) {
    self.path = path
    self.id = id
    self.size = size
    self.isDeleted = isDeleted
    self.loss = loss
  }

  /// What part of the file is lost, from 0 to 1.
  package var share: Double {
    if loss.isOfUnknownSize { return 1 }
    return size > 0 ? min(1, Double(loss.total.rawValue) / Double(size.rawValue)) : 0
  }
}
