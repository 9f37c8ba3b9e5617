// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

/// A kind of file that the technician describes: how it starts, perhaps how it ends, how long it may be.
package struct UserFormat: Sendable, Equatable {
  package var id: String
  package var name: String
  package var category: FileFormat.Category
  package var signatures: [Signature]
  /// The bytes that end a file; empty where nothing does.
  package var footer: [Signature.Element]
  package var maximumSize: ByteCount

  /// What a description without a size means.
  package static let usualSize: ByteCount = 0xA0_0000
  /// Signatures shorter than this are looked for at sector starts only.
  private static let strong = 4

  /// Throws `Malformed` where nothing could be found by it.
  package init(
    id: String, name: String = "", category: FileFormat.Category = .document,
    signatures: [Signature], footer: [Signature.Element] = [],
    maximumSize: ByteCount = Self.usualSize
  ) throws(Malformed) {
    self.id = id.lowercased()
    self.name = name.isEmpty ? id : name
    self.category = category
    self.footer = footer
    self.maximumSize = maximumSize
    self.signatures = signatures.map { signature in
      let fixed = signature.elements.count { $0.mask != 0 }
      return Signature(
        masked: signature.elements, at: signature.offset,
        alignment: max(signature.alignment, fixed < Self.strong ? 512 : 1))
    }
    try check()
  }

  private func check() throws(Malformed) {
    guard (1...16).contains(id.utf8.count), id.utf8.allSatisfy(Self.isPlain) else {
      throw Malformed("signature", "“\(id)” is no extension: letters and digits, 16 at most")
    }
    guard !signatures.isEmpty else { throw Malformed("signature", "\(id) has no signature") }
    for signature in signatures {
      guard signature.elements.count(where: { $0.mask.nonzeroBitCount >= 6 }) >= 2,
        signature.elements.contains(where: { $0.mask != 0 && $0.value != 0 })
      else {
        throw Malformed("signature", "\(id): two bytes at least, not zeros alone, must be given")
      }
      guard signature.elements.count <= 256, (0...0x8000).contains(signature.offset) else {
        throw Malformed(
          "signature", "\(id): at most 256 bytes, at most 32,768 bytes from the file's start")
      }
    }
    guard maximumSize >= 16, footer.count <= 256 else {
      throw Malformed("signature", "\(id): the size or the footer is out of range")
    }
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
  }

  /// The format that a scan tries.
  package var format: FileFormat {
    FileFormat(
      id: id, name: name, category: category, validation: .reasoning, signatures: signatures,
      maximumSize: maximumSize
    ) { file in
      try UserWalk(file, format: self).examination()
    }
  }
}

/// The walk over a file of which only the start, and perhaps the end, is known.
private struct UserWalk {
  private let file: Source
  private let format: UserFormat
  private static let piece: ByteCount = 0x10_0000
  /// Without a footer, so many zeros from a block's start on are not the file's any more.
  private static let blank = 4096

  init(_ file: Source, format: UserFormat) {
    self.file = file
    self.format = format
  }

  func examination() throws -> Examination {
    let limit = ByteOffset(min(file.length, format.maximumSize))
    let first = ByteOffset(
      ByteCount(clamping: format.signatures.map { $0.offset + $0.elements.count }.min() ?? 0))
    guard first <= limit else { throw Truncated() }
    let evidence: [Evidence] = [.headerMatched(format.id)]
    if format.footer.isEmpty {
      let end = try blank(from: first, to: limit) ?? limit
      return .complete(at: end, evidence: evidence + [.endReasoned])
    }
    guard let end = try footer(from: first, to: limit) else {
      return .broken(at: limit, problem: "its footer does not follow", evidence: evidence)
    }
    return .complete(at: end, evidence: evidence + [.endReasoned])
  }

  /// Behind the first footer.
  private func footer(from start: ByteOffset, to limit: ByteOffset) throws -> ByteOffset? {
    let length = ByteCount(clamping: format.footer.count)
    var position = start
    while position < limit {
      let end = min(limit, position.advancedClamped(by: Self.piece.addingClamped(length)))
      let bytes = try file.read(at: position, count: (position..<end).length)
      if let place = Self.first(format.footer, in: bytes) {
        return position.advancedClamped(by: ByteCount(clamping: place + format.footer.count))
      }
      position = position.advancedClamped(by: Self.piece)
    }
    return nil
  }

  private static func first(_ pattern: [Signature.Element], in bytes: [UInt8]) -> Int? {
    guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
    for index in 0...(bytes.count - pattern.count) where bytes[index] & first.mask == first.value {
      let part = bytes[index..<(index + pattern.count)]
      if zip(part, pattern).allSatisfy({ $0 & $1.mask == $1.value }) { return index }
    }
    return nil
  }

  /// Where zeros begin that fill a block.
  private func blank(from start: ByteOffset, to limit: ByteOffset) throws -> ByteOffset? {
    let block = UInt64(Self.blank)
    var position = ByteOffset((start.rawValue / block + 1) * block)
    while position < limit {
      let end = min(limit, position.advancedClamped(by: Self.piece))
      let bytes = try file.read(at: position, count: (position..<end).length)
      for offset in stride(from: 0, to: bytes.count - Self.blank + 1, by: Self.blank)
      where bytes[offset..<(offset + Self.blank)].allSatisfy({ $0 == 0 }) {
        let place = position.advancedClamped(by: ByteCount(clamping: offset))
        return try lastByte(before: place, notBefore: start)
      }
      position = end
    }
    return nil
  }

  /// Behind the last byte before `end` that is not zero.
  private func lastByte(before end: ByteOffset, notBefore start: ByteOffset) throws -> ByteOffset {
    let from = end.moved(back: UInt64(Self.blank), notBefore: start)
    let bytes = try file.read(at: from, count: (from..<end).length)
    let last = bytes.lastIndex { $0 != 0 } ?? bytes.count - 1
    return from.advancedClamped(by: ByteCount(clamping: last + 1))
  }
}
