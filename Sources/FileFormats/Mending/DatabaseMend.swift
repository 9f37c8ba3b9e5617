// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Lets an SQLite database be opened whose last pages are missing: its header must not promise them.
///
/// - Source: SQLite, *Database File Format*, §1.3 "The Database Header".
enum DatabaseMend {
  static func sqlite(_ file: Source) throws -> Mend? {
    let stated = UInt64(try file.big(UInt16.self, at: 16))
    let size = stated == 1 ? 0x1_0000 : stated
    guard size >= 512, size.nonzeroBitCount == 1 else { return nil }
    let pages = file.length.rawValue / size
    guard pages > 0, pages < UInt64(try file.big(UInt32.self, at: 28)) else { return nil }
    var count = BoxWriter()
    count.put(UInt32(clamping: pages))
    var mend = Mend(.statedSizes, kept: ByteCount(pages * size))
    mend.patches = [(28, count.bytes)]
    return mend
  }
}
