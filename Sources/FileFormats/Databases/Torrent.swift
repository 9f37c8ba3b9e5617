// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// BitTorrent metainfo: one dictionary in bencode, `info` among its keys.
  ///
  /// - Source: B. Cohen, *BEP 3: The BitTorrent Protocol Specification*, "bencoding", "metainfo
  ///   files".
  package static let torrent = FileFormat(
    id: "torrent", name: "BitTorrent metainfo", category: .document, validation: .grammar,
    signatures: [
      Signature("d8:announce"), Signature("d13:announce-list"), Signature("d10:created by"),
      Signature("d13:creation date"), Signature("d7:comment"), Signature("d4:infod"),
      Signature("d10:create"), Signature("d5:nodesl"),
    ],
    maximumSize: 0x1000_0000,
    resembles: { bytes in
      // The value behind the key is text, a list, a number or a dictionary.
      guard let head = try? bytes.copy(at: 0, count: 24), let colon = head.firstIndex(of: 0x3A),
        colon > 1,
        let count = Int(String(decoding: head[1..<colon], as: UTF8.self)),
        (1...16).contains(count), colon + 1 + count < head.count
      else { return false }
      let next = head[colon + 1 + count]
      return (0x30...0x39).contains(next) || [0x69, 0x6C, 0x64].contains(next)
    }
  ) { file in
    var walk = TorrentWalk(file)
    do {
      return try walk.examination()
    } catch let error as Malformed {
      return .broken(at: error.offset, problem: error.problem, evidence: walk.evidence)
    } catch is Truncated {
      return .truncated(at: file.range.upperBound, evidence: walk.evidence)
    }
  }
}

/// The walk over bencoded values: `i…e` numbers, `n:` and n bytes, `l…e` lists, `d…e` dictionaries.
private struct TorrentWalk {
  private static let deepest = 32
  private static let longestUnseen: UInt64 = 4096
  private static let mostValues = 20_000_000

  private let file: Source
  private var window: Window
  private var position: ByteOffset = 0
  private var values = 0
  private var longest: UInt64 = 0
  private var hasInfo = false
  private var hasPieces = false
  private var title: String?
  private var date: Timestamp?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 0x2000)
  }

  /// A dictionary's first key alone is no proof.
  var evidence: [Evidence] { hasInfo ? [.headerMatched("torrent")] : [] }

  mutating func examination() throws -> Examination {
    try value(depth: 0, path: "")
    guard hasInfo, hasPieces else { throw Malformed("torrent", "it has no info", at: position) }
    var result = Examination.whole(
      "torrent", "bencode", end: position,
      and: longest >= Self.longestUnseen ? [.payloadUnchecked] : [])
    result.name = title
    result.date = date
    return result
  }

  private mutating func value(depth: Int, path: String) throws {
    values += 1
    guard depth < Self.deepest, values < Self.mostValues else {
      throw Malformed("torrent", "values are nested too deep", at: position)
    }
    switch try window.byte(at: position) {
    case 0x69:
      position = try position + 1
      let number = try number(until: 0x65)
      if path == "/creation date" { date = Timestamp(seconds: number) }
    case 0x6C:
      position = try position + 1
      while try !isEnd() { try value(depth: depth + 1, path: "") }
    case 0x64:
      position = try position + 1
      if path == "/info" { hasInfo = true }
      while try !isEnd() {
        let key = try text(limit: 1024) ?? ""
        try value(depth: depth + 1, path: depth < 2 ? path + "/" + key : "")
      }
    case 0x30...0x39:
      let text = try text(limit: 512)
      if path == "/info/name" || path == "/info/name.utf-8" { title = text }
      if path == "/info/pieces" { hasPieces = true }
    default: throw Malformed("torrent", "no value starts here", at: position)
    }
    if path == "/info/file tree" { hasPieces = true }
  }

  /// Whether a list or dictionary ends here, which is then passed.
  private mutating func isEnd() throws -> Bool {
    guard try window.byte(at: position) == 0x65 else { return false }
    position = try position + 1
    return true
  }

  /// Digits, perhaps behind a minus, up to `end`, which is passed too.
  private mutating func number(until end: UInt8) throws -> Int64 {
    let start = position
    var digits: [UInt8] = []
    while true {
      let byte = try window.byte(at: position)
      position = try position + 1
      if byte == end { break }
      guard digits.count < 20, (0x30...0x39).contains(byte) || byte == 0x2D else {
        throw Malformed("torrent", "a number is none", at: start)
      }
      digits.append(byte)
    }
    guard let number = Int64(String(decoding: digits, as: UTF8.self)) else {
      throw Malformed("torrent", "a number is none", at: start)
    }
    return number
  }

  /// The start of a text, which is passed whole.
  private mutating func text(limit: UInt64) throws -> String? {
    let start = position
    let count = UInt64(clamping: try number(until: 0x3A))
    guard try window.byte(at: start) != 0x2D else {
      throw Malformed("torrent", "a text is none", at: start)
    }
    let end = try position + ByteCount(count)
    guard end <= file.range.upperBound else { throw Truncated() }
    longest = max(longest, count)
    let bytes = try window.copy(at: position, count: Int(clamping: min(count, limit)))
    position = end
    return ContentText.text(bytes)
  }
}
