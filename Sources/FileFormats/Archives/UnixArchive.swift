// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Members with headers of text, as `ar` writes them: Debian packages, libraries of object files.
  ///
  ///     0  "!<arch>\n"
  ///     member: name 16, time 12, owner 6, group 6, mode 8, size 10, all decimal text but the
  ///     octal mode; "`\n"; data, which a line end makes even
  ///
  /// - Source: FreeBSD, *ar(5)*; Debian, *deb(5)*; Microsoft, *PE Format*, "Archive (Library) File
  ///   Format".
  package static let unixArchive = FileFormat(
    id: "deb", name: "Debian package or library", category: .archive,
    extensions: ["deb", "udeb", "a", "lib", "ar"], validation: .size,
    signatures: [Signature("!<arch>\n")], maximumSize: 0x2_5000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 8, count: 60) else { return false }
      return UnixArchiveWalk.size(head) != nil
    }
  ) { file in
    try Examination.walk("deb", file) {
      var walk = UnixArchiveWalk(file)
      return try walk.examination()
    }
  }
}

/// The walk over an archive's members.
struct UnixArchiveWalk {
  private static let mostMembers = 1_000_000
  private let file: Source
  private var window: Window
  private var names: [String] = []
  private var date: Timestamp?

  init(_ file: Source) {
    self.file = file
    window = Window(file, span: 0x1000)
  }

  /// The size in a member's header; nil where it is none.
  static func size(_ header: [UInt8]) -> UInt64? {
    guard header.holds([0x60, 0x0A], at: 58),
      header[16..<58].allSatisfy({ (0x20...0x7E).contains($0) })
    else { return nil }
    return decimal(header[48..<58])
  }

  private static func decimal(_ field: ArraySlice<UInt8>) -> UInt64? {
    let text = String(decoding: field, as: UTF8.self)
    return ContentText.trimmed(text).flatMap { UInt64($0) }
  }

  mutating func examination() throws -> Examination {
    var position: ByteOffset = 8
    var members = 0
    while members < Self.mostMembers, !isWholePackage,
      let header = try header(at: position), let size = Self.size(header)
    {
      let data = try position + 60
      let end = try data + ByteCount(size)
      guard end <= file.range.upperBound else { throw Truncated() }
      if names.count < 4 { names.append(ContentText.text(header[..<16]) ?? "") }
      if date == nil, let time = Self.decimal(header[16..<28]), time > 0, time < 1 << 33 {
        date = Timestamp(seconds: Int64(clamping: time))
      }
      // Some leave the pad byte behind the last member out.
      let isPadded = try size % 2 == 1 && file.readPrefix(at: end, count: 1) == [0x0A]
      position = isPadded ? try end + 1 : end
      members += 1
    }
    guard members > 0, try isWholePackage || SectorSlack.isEmpty(in: file, from: position) else {
      throw Malformed("ar", "no member starts here", at: position)
    }
    return complete(at: position)
  }

  private mutating func header(at position: ByteOffset) throws -> [UInt8]? {
    let header = try file.readPrefix(at: position, count: 60)
    if header.count == 60 { return header }
    if header.contains(where: { $0 != 0 }) { throw Truncated() }
    return nil
  }

  private var isPackage: Bool { names.first?.hasPrefix("debian-binary") == true }

  /// Whether the last of a Debian package's members was met.
  private var isWholePackage: Bool { isPackage && names.contains { $0.hasPrefix("data.tar") } }

  private func complete(at end: ByteOffset) -> Examination {
    var result = Examination.whole(
      "deb", "ar", end: end, and: [.payloadUnchecked] + (isWholePackage ? [] : [.endReasoned]))
    // Two tables of symbols are Microsoft's habit.
    result.type =
      isPackage ? "deb" : names.count > 1 && names[0] == "/" && names[1] == "/" ? "lib" : "a"
    result.date = date
    return result
  }
}
