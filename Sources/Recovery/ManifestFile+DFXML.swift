// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

extension ManifestFile {
  /// The regular files of a DFXML document that have a digest or, being allocated, a size.
  ///
  /// - Source: DFXML schema 1.2.0, "fileobject": filename, filesize, name_type, mode (decimal), alloc,
  ///   unalloc, mtime (ISO 8601), hashdigest. Digests of byte runs are those of pieces, and are passed
  ///   over.
  static func dfxml(_ bytes: [UInt8]) throws(Malformed) -> [ExpectedFile] {
    var tokens = XMLTokens(bytes)
    var files: [ExpectedFile] = []
    var isDFXML = false
    var depth = 0
    var object: FileObject?
    while let token = try tokens.next() {
      switch token {
      case .start(let name, let attributes):
        depth += 1
        isDFXML = isDFXML || name == "dfxml"
        if name == "fileobject", object == nil { object = FileObject(depth: depth) }
        if let open = object, depth == open.depth + 1 {
          object?.element = name
          object?.texts[name] = []
          object?.digestType = attributes["type"].map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
      case .text(let text):
        if let open = object, depth == open.depth + 1, open.element != "byte_runs" {
          object?.texts[open.element, default: []] += text
        }
      case .end(let name):
        if let open = object, depth == open.depth + 1, name == "hashdigest" {
          let digits = (open.texts["hashdigest"] ?? []).filter { !XMLTokens.isBlank($0) }
          let digest = FileDigest.kind(named: open.digestType).flatMap {
            FileDigest($0, hexadecimal: digits)
          }
          if let digest { object?.digests.append(digest) }
        }
        if let open = object, depth == open.depth {
          if let file = open.file { files.append(file) }
          object = nil
        }
        depth = max(0, depth - 1)
      }
    }
    guard isDFXML else { throw Malformed("manifest", "it is XML, but not DFXML") }
    guard depth == 0 else {
      throw Malformed(
        "manifest", "the XML is cut short", at: ByteOffset(ByteCount(clamping: bytes.count)))
    }
    return files
  }

  /// One element `fileobject`, while it is read.
  private struct FileObject {
    let depth: Int
    var element = ""
    var digestType = ""
    var texts: [String: [UInt8]] = [:]
    var digests: [FileDigest] = []

    func word(_ key: String) -> String? {
      texts[key].map { String(decoding: $0.filter { !XMLTokens.isBlank($0) }, as: UTF8.self) }
    }

    var file: ExpectedFile? {
      guard let name = texts["filename"], !name.isEmpty, (word("name_type") ?? "r") == "r" else {
        return nil
      }
      var file = ExpectedFile(
        path: ManifestFile.relative(name),
        size: word("filesize").flatMap(UInt64.init).map { ByteCount($0) },
        digest: FileDigest.best(of: digests))
      let isDeleted = word("unalloc") == "1" || word("alloc") == "0"
      guard file.digest != nil || (file.size != nil && !isDeleted) else { return nil }
      file.mode = word("mode").flatMap(UInt32.init).map { UInt16($0 & 0o7777) }
      file.modified = word("mtime").flatMap(Timestamp.init(iso8601:))
      return file
    }
  }
}

extension Timestamp {
  /// A date with its time as ISO 8601 and XML Schema write it, in UTC or with an offset; or seconds since
  /// 1970. Nil for anything else.
  init?(iso8601 text: String) {
    if let seconds = Int64(text) {
      self.init(seconds: seconds)
      return
    }
    let parts = text.split(separator: "T", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    let date = parts[0].split(separator: "-").map { Int($0) }
    let zoneStart = parts[1].firstIndex { "Z+-".contains($0) } ?? parts[1].endIndex
    let clock = parts[1][..<zoneStart].split(separator: ".")
    let time = (clock.first ?? "").split(separator: ":").map { Int($0) }
    guard date.count == 3, time.count == 3, let year = date[0], let month = date[1],
      let day = date[2], let hour = time[0], let minute = time[1], let second = time[2],
      let moment = Timestamp(
        year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    let zone = parts[1][zoneStart...]
    let shift = zone.dropFirst().split(separator: ":").map { Int64($0) ?? 0 }
    let (hours, minutes) = (max(0, min(shift.first ?? 0, 24)), max(0, min(shift.last ?? 0, 60)))
    let offset = shift.count == 2 ? (hours * 60 + minutes) * 60 : 0
    let fraction = clock.count > 1 ? (String(clock[1]) + "00000000").prefix(9) : "0"
    let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(
      (zone.first == "-" ? offset : -offset) &* 1_000_000_000 &+ (Int64(fraction) ?? 0))
    if overflow { return nil }
    self.init(nanoseconds: sum)
  }
}
