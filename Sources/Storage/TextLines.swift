// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc

/// The lines of a text file of any length, read in pieces.
package struct TextLines {
  /// Longer lines are cut there.
  private static let longest = 0x1_0000

  /// Hands out the lines without their ends, with their numbers from 1, until `body` answers false.
  ///
  /// - Returns: false where the file cannot be opened or read.
  package static func each(
    of path: String, _ body: (ArraySlice<UInt8>, _ number: Int) throws -> Bool
  ) rethrows -> Bool {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    let buffer = ScratchBuffer(count: 0x10_0000)
    var rest: [UInt8] = []
    var number = 0
    while true {
      let count = unsafe Glibc.read(descriptor, buffer.bytes.baseAddress, buffer.bytes.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return false }
      if count == 0 { break }
      unsafe rest.append(contentsOf: buffer.bytes[..<count])
      var start = 0
      while let end = rest[start...].firstIndex(of: 0x0A) {
        number += 1
        if try !body(rest[start..<end].prefix(longest), number) { return true }
        start = end + 1
      }
      rest.removeFirst(start)
      if rest.count > longest { rest.removeLast(rest.count - longest) }
    }
    if !rest.isEmpty { _ = try body(rest[...], number + 1) }
    return true
  }
}
