// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Findings

extension ManifestFile {
  /// What `mtree` and `bsdtar --format=mtree` write: an entry a line, folders one in the other, or
  /// with whole paths.
  ///
  /// - Source: mtree(5) of NetBSD and FreeBSD: a name without a slash goes into the folder that is
  ///   open, and opens it where it is one; `..` closes it; `/set` and `/unset` change what holds for
  ///   all that follow; names are encoded as by strsvis(3); a backslash at its end joins the next line.
  static func mtree(_ text: ArraySlice<UInt8>) throws(Malformed) -> [ExpectedFile] {
    var defaults: [String: ArraySlice<UInt8>] = [:]
    var folder: [[UInt8]] = []
    var files: [ExpectedFile] = []
    for (number, line) in joinedLines(of: text) {
      var words = line.split { $0 == 0x20 || $0 == 0x09 }[...]
      guard let first = words.popFirst(), first.first != 0x23 else { continue }
      let named = String(decoding: first, as: UTF8.self)
      let pairs = words.map { word in
        let key = word.prefix { $0 != 0x3D }
        return (String(decoding: key, as: UTF8.self), word.dropFirst(key.count + 1))
      }
      switch named {
      case "/set": for (key, value) in pairs { defaults[key] = value }
      case "/unset":
        for (key, _) in pairs { defaults[key] = nil }
        if pairs.contains(where: { $0.0 == "all" }) { defaults = [:] }
      case "..":
        if folder.popLast() == nil {
          throw Malformed(
            "manifest", "line \(number) leaves a folder that none opened", at: ByteOffset(number))
        }
      default:
        let values = defaults.merging(pairs) { $1 }
        let name = decoded(first)
        let isWhole = name.contains(0x2F)
        let type = values["type"].map { String(decoding: $0, as: UTF8.self) } ?? "file"
        if type == "dir", !isWhole { folder.append(name) }
        if type == "file", values["optional"] == nil {
          let path = isWhole ? name : Array((folder + [name]).joined(separator: [0x2F]))
          files.append(file(relative(path), values))
        }
      }
    }
    return files
  }

  private static func file(
    _ path: [UInt8], _ values: [String: ArraySlice<UInt8>]
  ) -> ExpectedFile {
    func text(_ key: String) -> String? { values[key].map { String(decoding: $0, as: UTF8.self) } }
    var file = ExpectedFile(
      path: path, size: text("size").flatMap(UInt64.init).map { ByteCount($0) })
    let digests = values.compactMap { key, value in
      FileDigest.kind(named: key).flatMap { FileDigest($0, hexadecimal: value) }
    }
    file.digest = FileDigest.best(of: digests)
    file.mode = text("mode").flatMap { UInt16($0, radix: 8) }.map { $0 & 0o7777 }
    file.modified = text("time").flatMap { time in
      // The part behind the dot is a number of nanoseconds, not a fraction.
      let parts = time.split(separator: ".", omittingEmptySubsequences: false)
      guard let seconds = parts.first.flatMap({ Int64($0) }) else { return nil }
      let rest = parts.count > 1 ? Int64(parts[1]) ?? 0 : 0
      return Timestamp(seconds: seconds, nanoseconds: min(max(rest, 0), 999_999_999))
    }
    return file
  }

  /// The lines with the number of the first of those that were joined.
  private static func joinedLines(
    of text: ArraySlice<UInt8>
  ) -> [(number: UInt64, line: [UInt8])] {
    var result: [(UInt64, [UInt8])] = []
    var number: UInt64 = 0
    var open: [UInt8]?
    for line in lines(of: text) {
      number += 1
      let isContinued = line.last == 0x5C
      let part = isContinued ? line.dropLast() + [0x20] : line
      if open != nil, !result.isEmpty { result[result.count - 1].1 += part }
      if open == nil { result.append((number, Array(part))) }
      open = isContinued ? [] : nil
    }
    return result
  }

  /// A name without its escapes: three octal digits, `^` before a control character, `M-` and `M^`
  /// before those with the highest bit, or a letter.
  private static func decoded(_ name: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = name
    while let byte = rest.popFirst() {
      guard byte == 0x5C, let next = rest.first else {
        result.append(byte)
        continue
      }
      let (value, count) = escape(rest.prefix(3)) ?? (letters[next] ?? next, 1)
      result.append(value)
      rest = rest.dropFirst(count)
    }
    return result
  }

  /// The byte that an escape of more than one character stands for, and how many these are.
  ///
  /// - Source: vis(3), "VIS_OCTAL" and the default form.
  private static func escape(_ word: ArraySlice<UInt8>) -> (UInt8, Int)? {
    let bytes = Array(word)
    if bytes.count == 3, let value = UInt8(String(decoding: bytes, as: UTF8.self), radix: 8) {
      return (value, 3)
    }
    func control(_ byte: UInt8) -> UInt8 { byte == 0x3F ? 0x7F : byte & 0x1F }
    if bytes.count >= 2, bytes[0] == 0x5E { return (control(bytes[1]), 2) }
    guard bytes.count == 3, bytes[0] == 0x4D else { return nil }
    switch bytes[1] {
    case 0x2D: return (bytes[2] | 0x80, 3)
    case 0x5E: return (control(bytes[2]) | 0x80, 3)
    default: return nil
    }
  }

  private static let letters: [UInt8: UInt8] = [
    0x61: 7, 0x62: 8, 0x66: 12, 0x6E: 10, 0x72: 13, 0x73: 32, 0x74: 9, 0x76: 11, 0x30: 0,
  ]
}
