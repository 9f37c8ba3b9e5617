// SPDX-License-Identifier: Apache-2.0

extension Mapfile {
  /// More lines than this are no mapfile that any tool wrote: 16 million blocks.
  private static let mostBlocks = 0x100_0000

  /// Reads the text of a mapfile.
  ///
  /// Throws `Malformed` with the number of the line as its offset.
  package init(parsing text: [UInt8]) throws(Malformed) {
    var status: (position: ByteOffset, activity: UInt8, pass: UInt64)?
    var blocks: [Block] = []
    var number: UInt64 = 0
    for line in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number &+= 1
      let fields = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D })
      guard let first = fields.first, first.first != 0x23 else { continue }
      func malformed(_ problem: String) -> Malformed {
        Malformed("mapfile", "\(problem) in line \(number)", at: ByteOffset(number))
      }
      guard let position = Self.number(first) else { throw malformed("no position") }
      if status == nil {
        guard (2...3).contains(fields.count), fields[1].count == 1, let activity = fields[1].first,
          Self.activities.contains(activity)
        else { throw malformed("no status") }
        let pass = fields.count == 3 ? Self.number(fields[2]) : 1
        guard let pass else { throw malformed("no pass") }
        status = (ByteOffset(position), activity, pass)
        continue
      }
      guard fields.count == 3, let size = Self.number(fields[1]), fields[2].count == 1,
        let mark = fields[2].first.flatMap(Status.init(rawValue:))
      else { throw malformed("no position, size and status") }
      let start = ByteOffset(position)
      guard let end = try? start + ByteCount(size) else { throw malformed("too large a size") }
      guard blocks.count < Self.mostBlocks else { throw malformed("too many blocks") }
      blocks.append(Block(start..<end, mark))
    }
    guard let status else { throw Malformed("mapfile", "there is no status line") }
    try self.init(
      blocks: blocks, position: status.position, activity: status.activity, pass: status.pass)
  }

  /// The text of the mapfile, as GNU ddrescue reads it.
  package func text(comment: String) -> String {
    var lines = ["# Mapfile. \(comment)", "# current_pos  current_status  current_pass"]
    lines.append(
      "\(Self.hexadecimal(position.rawValue))     \(Self.character(activity))               \(pass)"
    )
    lines.append("#      pos        size  status")
    for block in blocks {
      let start = Self.hexadecimal(block.range.lowerBound.rawValue)
      let size = Self.hexadecimal(block.range.length.rawValue)
      lines.append("\(start)  \(size)  \(Self.character(block.status.rawValue))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let activities: [UInt8] = Array("?*/-FG+".utf8)

  private static func character(_ byte: UInt8) -> Character { Character(Unicode.Scalar(byte)) }

  private static func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return "0x" + String(repeating: "0", count: max(0, 8 - digits.count)) + digits
  }

  /// A number in the notation of C.
  private static func number(_ field: ArraySlice<UInt8>) -> UInt64? {
    let text = String(decoding: field, as: UTF8.self)
    guard let first = field.first, (0x30...0x39).contains(first) else { return nil }
    if text.hasPrefix("0x") || text.hasPrefix("0X") {
      let digits = text.dropFirst(2)
      return digits.first == "-" || digits.first == "+" ? nil : UInt64(digits, radix: 16)
    }
    return UInt64(text, radix: first == 0x30 ? 8 : 10)
  }
}
