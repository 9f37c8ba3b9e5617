// SPDX-License-Identifier: Apache-2.0

import Bytes

/// An element of an EBML file: an id, a size and data. The number of leading zero bits in the first
/// byte of an id and of a size is the number of bytes that follow it.
///
/// | Offset | Size | Field | Unit                                                    |
/// |-------:|-----:|-------|---------------------------------------------------------|
/// |   0x00 |  1–4 | id    | with its leading bits                                   |
/// |      … |  1–8 | size  | bytes of data; all ones: unknown, until no child stands |
///
/// - Source: RFC 8794, §4 "Variable-Size Integer", §6 "EBML Element".
struct EBMLElement {
  let id: UInt32
  let start: ByteOffset
  let data: ByteOffset
  /// Where it ends; nil where it does not say.
  let end: ByteOffset?

  /// Reads an element's head; throws `Malformed` where none can stand.
  init(_ window: inout Window, at start: ByteOffset) throws {
    let idWidth = try window.byte(at: start).leadingZeroBitCount + 1
    guard idWidth <= 4 else { throw Malformed("EBML", "no element starts here", at: start) }
    var id: UInt32 = 0
    for index in 0..<idWidth {
      id = id << 8 | UInt32(try window.byte(at: start + ByteCount(clamping: index)))
    }
    let size = try EBMLNumber(&window, at: start + ByteCount(clamping: idWidth))
    self.id = id
    self.start = start
    data = size.end
    end = size.isUnknown ? nil : try size.end + ByteCount(size.value)
  }

  /// The bytes of its data, at most `limit`.
  func bytes(_ window: inout Window, limit: ByteCount = 1024) throws -> [UInt8] {
    guard let end else { return [] }
    return try window.copy(
      at: data, count: Int(clamping: min((data..<max(end, data)).length, limit).rawValue))
  }

  /// Its data as an unsigned number of at most eight bytes.
  func number(_ window: inout Window) throws -> UInt64 {
    try bytes(&window, limit: 8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Hands over the elements that its data consist of, which they must fill.
  func eachChild(
    _ window: inout Window, _ body: (inout Window, EBMLElement) throws -> Void
  ) throws {
    guard let end else { throw Malformed("EBML", "an element without a size", at: start) }
    var position = data
    while position < end {
      let child = try EBMLElement(&window, at: position)
      guard let childEnd = child.end, childEnd <= end else {
        throw Malformed("EBML", "an element reaches beyond its parent", at: position)
      }
      try body(&window, child)
      position = childEnd
    }
  }
}
