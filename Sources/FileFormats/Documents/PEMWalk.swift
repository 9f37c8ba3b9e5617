// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

/// The walk over armoured blocks, and the remarks that may stand between them.
struct PEMWalk {
  /// Remarks before a block are at most so long: a certificate in words.
  private static let longestRemark: ByteCount = 0x8000
  private let file: Source
  private var lines: TextLines
  private var labels: Set<String> = []
  private var blocks: UInt64 = 0
  private var checked: UInt64 = 0
  private var hasClearText = false

  init(_ file: Source) {
    self.file = file
    lines = TextLines(file, allowing: TextCursor.blankControls, keeping: 0x1_0000)
  }

  mutating func examination() throws -> Examination {
    guard try findBlock() else { throw malformed("no block begins here") }
    var end: TextEnd
    repeat {
      end = try TextEnd(in: file, after: lines.end)
      if end.hasSlack { break }
    } while try findBlock(from: end)
    var evidence = end.evidence + lines.evidence
    if hasClearText {
      evidence.append(.payloadUnchecked)
    } else if checked == blocks {
      evidence.append(.checksumsHold(count: checked, kind: "CRC-24"))
    } else {
      evidence += HiddenRoom.anywhere(upTo: end.offset)
    }
    // Blocks may follow each other, and nothing says how many.
    if blocks > 1 { evidence.append(.endReasoned) }
    var result = Examination.whole("pem", "PEM", end: end.offset, and: evidence)
    result.type = type
    return result
  }

  /// Reads up to the next block, and the block; false where none follows.
  private mutating func findBlock(from end: TextEnd? = nil) throws -> Bool {
    let before = lines
    let start = lines.next
    while let line = try lines.line(), lines.end <= start.advancedClamped(by: Self.longestRemark) {
      if let label = Self.label(line, "-----BEGIN ") {
        // A block at a sector's start, with no remark before it, is a file of its own.
        if let end, blocks == 1, lines.start == end.offset, lines.start.rawValue % 512 == 0 {
          break
        }
        try block(label)
        return true
      }
    }
    if end == nil, case .bytesEnd = lines.stop { throw Truncated() }
    lines = before
    return false
  }

  private mutating func block(_ label: String) throws {
    labels.insert(label)
    blocks &+= 1
    if label == "PGP SIGNED MESSAGE" { return try signedMessage() }
    var base64 = Base64()
    var head: [UInt8] = []
    var crc = CRC24()
    var isEncrypted = false
    var isInHeaders = true
    let isArmour = label.hasPrefix("PGP ")
    while true {
      let line = try nextLine()
      if let closed = Self.label(line, "-----END ") {
        guard closed == label, base64.isComplete, base64.count > 8 else {
          throw malformed("a block does not end as it begins")
        }
        if !isEncrypted, !isArmour { try checkLength(head, base64.count) }
        return
      }
      if isInHeaders, line.contains(0x3A) || line.first == 0x20 {
        if line.firstIndex(of: Array("ENCRYPTED".utf8)) != nil { isEncrypted = true }
        continue
      }
      isInHeaders = isInHeaders && line.isEmpty && base64.count == 0
      if isArmour, line.first == 0x3D, line.count == 5 {
        guard base64.isComplete, Self.checksum(line) == crc.value else {
          throw malformed("the checksum of a block is wrong")
        }
        checked &+= 1
        continue
      }
      guard lines.count == UInt64(line.count) else { throw malformed("a line does not end") }
      let isText = base64.read(line) { byte in
        if head.count < 8 { head.append(byte) }
        if isArmour { crc.update(byte) }
      }
      lines.mark()
      guard isText else { throw malformed("no base 64 stands here") }
    }
  }

  /// Text in the clear, up to its signature.
  private mutating func signedMessage() throws {
    while true {
      let line = try nextLine()
      if let label = Self.label(line, "-----BEGIN ") {
        guard label == "PGP SIGNATURE" else { throw malformed("a message is not signed") }
        // The checksum of the signature is none of the text.
        hasClearText = true
        return try block(label)
      }
    }
  }

  private mutating func nextLine() throws -> [UInt8] {
    if let line = try lines.line() { return line }
    throw malformed("a block does not end")
  }

  /// What is encoded begins with its length, as a rule.
  ///
  /// - Source: ITU-T X.690, §8.1.3 "Length octets".
  private func checkLength(_ head: [UInt8], _ count: UInt64) throws {
    guard head.first == 0x30 else { return }
    let first = try head.little(UInt8.self, at: 1)
    var length = UInt64(first)
    var size: UInt64 = 2
    if first > 0x80 {
      guard first <= 0x86 else { throw malformed("the length of a block is wrong") }
      let bytes = try head.copy(at: 2, count: Int(first & 0x7F))
      length = bytes.reduce(0) { $0 << 8 | UInt64($1) }
      size += UInt64(bytes.count)
    }
    guard first == 0x80 || length &+ size == count else {
      throw malformed("the length of a block is wrong")
    }
  }

  private static func checksum(_ line: [UInt8]) -> UInt32? {
    var base64 = Base64()
    var value: UInt32 = 0
    guard base64.read(line.dropFirst(), { value = value << 8 | UInt32($0) }), base64.count == 3
    else { return nil }
    return value
  }

  private static func label(_ line: [UInt8], _ start: String) -> String? {
    let text = String(decoding: line.prefix(100), as: UTF8.self)
      .trimmingSuffix { $0 == " " || $0 == "\t" }
    guard text.hasPrefix(start), text.hasSuffix("-----"), text.utf8.count > start.utf8.count + 5
    else { return nil }
    return String(text.dropFirst(start.count).dropLast(5))
  }

  /// What a line that fits nowhere means: the last one may be cut short.
  private func malformed(_ problem: String) -> any Error {
    if case .bytesEnd = lines.stop { return Truncated() }
    return Malformed("PEM", problem, at: lines.start)
  }

  private var type: String {
    if labels.contains(where: { $0.hasPrefix("PGP ") }) { return "asc" }
    if labels.contains(where: { $0.hasSuffix("PRIVATE KEY") }) {
      return labels.contains("CERTIFICATE") ? "pem" : "key"
    }
    guard labels.count == 1, let label = labels.first else { return "pem" }
    switch label {
    case "CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE": return "crt"
    case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST": return "csr"
    case "X509 CRL": return "crl"
    case "PUBLIC KEY", "RSA PUBLIC KEY": return "pub"
    case "PKCS7", "CMS": return "p7b"
    default: return "pem"
    }
  }
}

extension String {
  /// Without the characters at its end that are such.
  fileprivate func trimmingSuffix(_ isSuch: (Character) -> Bool) -> String {
    var part = self[...]
    while let last = part.last, isSuch(last) { part.removeLast() }
    return String(part)
  }
}
