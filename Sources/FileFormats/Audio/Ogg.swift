// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Ogg, whatever is in it: pages with checksums, of one stream or of several that take turns, one
  /// group of streams behind the other.
  ///
  /// - Source: RFC 3533, *The Ogg Encapsulation Format Version 0*; RFC 5334 for the extensions.
  package static let ogg = FileFormat(
    id: "ogg", name: "Ogg sound or video", category: .audio,
    extensions: ["ogg", "oga", "opus", "spx", "ogv", "ogx", "ogm"],
    otherCategories: [.video: ["ogv", "ogx", "ogm"]],
    validation: .checksums,
    signatures: [Signature(Array("OggS".utf8) + [0, 2])], maximumSize: 0x10_0000_0000,
    resembles: { bytes in
      guard let segments = try? bytes.little(UInt8.self, at: 26) else { return false }
      return segments >= 1 && segments < 64
    }
  ) { file in
    try Examination.walk("ogg", file) {
      var walk = OggWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over the pages of an Ogg file.
private struct OggWalk {
  private static let mostStreams = 256
  /// Where files begin: a group of streams that starts here is the next file, as a rule.
  private static let sector: UInt64 = 512

  private let file: Source
  private var position: ByteOffset = 0
  private var pages: UInt64 = 0
  /// The streams that did not end, by their numbers; whether a page of content was seen.
  private var open: [UInt32: OggStream] = [:]
  private var isInContent = false
  private var kinds: Set<OggStream> = []
  private var name: String?
  private var date: Timestamp?
  /// Whether another file of the kind may begin where this one ends.
  private var isAmbiguous = false

  init(_ file: Source) { self.file = file }

  mutating func examination() throws -> Examination {
    while let page = try OggPage(in: file, at: position), try accept(page) {
      position = page.end
      pages &+= 1
    }
    guard pages > 1, isInContent else {
      throw Malformed("Ogg", "only its head is there", at: position)
    }
    var evidence: [Evidence] = [.checksumsHold(count: pages, kind: "CRC-32")]
    if !open.isEmpty {
      // Some writers never mark the last page; but a page that ends with a sector may as well be
      // followed by more elsewhere.
      guard position.rawValue % Self.sector != 0, try isPadded() else {
        throw Malformed("Ogg", "the pages end before the streams do", at: position)
      }
      evidence.append(.endReasoned)
    } else if isAmbiguous {
      evidence.append(.endReasoned)
    }
    var result = Examination.whole("ogg", "Ogg", end: position, and: evidence)
    result.type = OggStream.type(of: kinds)
    result.name = name
    result.date = date
    return result
  }

  /// Takes up a page whose checksum holds; false where it belongs to something else.
  private mutating func accept(_ page: OggPage) throws -> Bool {
    if page.isFirst {
      if isInContent {
        guard open.isEmpty else { return false }
        isAmbiguous = position.rawValue % Self.sector == 0
        if isAmbiguous { return false }
        isInContent = false
      }
      guard open[page.serial] == nil, open.count < Self.mostStreams else { return false }
      let stream = OggStream(firstPacket: try page.payload(in: file, longest: 64))
      kinds.insert(stream)
      open[page.serial] = stream
    } else {
      guard let stream = open[page.serial] else { return false }
      isInContent = true
      if page.number == 1, name == nil {
        let comment = stream.comment(in: try page.payload(in: file, longest: 0x1_0000))
        name = comment?.name
        date = date ?? comment?.date
      }
    }
    if page.isLast { open[page.serial] = nil }
    if page.isLast, page.isFirst { isInContent = true }
    return true
  }

  private func isPadded() throws -> Bool {
    let rest = (Self.sector - position.rawValue % Self.sector) % Self.sector
    return try file.readPrefix(at: position, count: ByteCount(rest)).allSatisfy { $0 == 0 }
  }
}
