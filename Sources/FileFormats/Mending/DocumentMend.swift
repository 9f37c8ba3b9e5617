// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// Gives a PDF document whose end is missing a table of the objects that are there, and where its catalogue is
/// missing too, one over the pages that are.
///
/// - Source: ISO 32000-2, §7.5 "File structure", §7.7.3 "Page tree".
enum DocumentMend {
  private static let mostObjects = 200_000
  /// A page's own dictionary is no longer.
  private static let longestPage = 0x800

  private struct Object {
    let number: UInt32
    let generation: UInt32
    let start: ByteOffset
  }

  static func pdf(_ file: Source) throws -> Mend? {
    let objects = try self.objects(file)
    guard !objects.isEmpty else { return nil }
    var latest: [UInt32: Object] = [:]
    for object in objects { latest[object.number] = object }
    var catalogue: UInt32?
    var pages: [UInt32] = []
    for object in latest.values.sorted(by: { $0.start < $1.start }) {
      let head = try file.readPrefix(at: object.start, count: ByteCount(clamping: longestPage))
      let dictionary = head.prefix(head.firstIndex(of: Array("endobj".utf8)) ?? 512)
      guard let type = Self.type(Array(dictionary)) else { continue }
      if type == "Catalog" { catalogue = object.number }
      if type == "Page", pages.count < 20_000 { pages.append(object.number) }
    }
    var text = "\n"
    var offsets = latest.mapValues(\.start.rawValue)
    let generations = latest.mapValues(\.generation)
    let next = (latest.keys.max() ?? 0) + 1
    guard next < 8_388_607 else { return nil }
    let isOwn = try catalogue.map { try leads($0, latest, file) } ?? false
    if !isOwn {
      guard !pages.isEmpty else { return nil }
      offsets[next] = file.length.rawValue + UInt64(text.utf8.count)
      text += "\(next) 0 obj\n<< /Type /Catalog /Pages \(next + 1) 0 R >>\nendobj\n"
      offsets[next + 1] = file.length.rawValue + UInt64(text.utf8.count)
      let kids = pages.map { "\($0) \(generations[$0] ?? 0) R" }.joined(separator: "\n")
      text +=
        "\(next + 1) 0 obj\n<< /Type /Pages /Count \(pages.count) /MediaBox [0 0 612 792] /Kids ["
        + kids + "] >>\nendobj\n"
      catalogue = next
    }
    guard let catalogue else { return nil }
    let table = file.length.rawValue + UInt64(text.utf8.count)
    text += "xref\n0 1\n0000000000 65535 f \n"
    for number in offsets.keys.sorted() where number > 0 {
      let place = String(offsets[number] ?? 0)
      let generation = String(generations[number] ?? 0)
      guard place.count <= 10, generation.count <= 5 else { continue }
      text += "\(number) 1\n" + String(repeating: "0", count: 10 - place.count) + place + " "
      text += String(repeating: "0", count: 5 - generation.count) + generation + " n \n"
    }
    let size = (offsets.keys.max() ?? 0) + 1
    text += "trailer\n<< /Size \(size) /Root \(catalogue) \(generations[catalogue] ?? 0) R >>\n"
    text += "startxref\n\(table)\n%%EOF\n"
    return Mend(.objectTable, kept: file.length, added: Array(text.utf8))
  }

  /// Whether the catalogue's tree of pages begins with an object that is there.
  private static func leads(
    _ catalogue: UInt32, _ objects: [UInt32: Object], _ file: Source
  ) throws -> Bool {
    guard let object = objects[catalogue] else { return false }
    let head = try file.readPrefix(at: object.start, count: ByteCount(clamping: longestPage))
    guard let key = head.firstIndex(of: Array("/Pages".utf8)) else { return false }
    let digits = head[(key + 6)...].drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
      .prefix { (0x30...0x39).contains($0) }
    guard let number = UInt32(String(decoding: digits, as: UTF8.self)) else { return false }
    return objects[number] != nil
  }

  /// The value of `/Type`, where the object is a dictionary.
  private static func type(_ bytes: [UInt8]) -> String? {
    var from = 0
    while let key = bytes[from...].firstIndex(of: Array("/Type".utf8)) {
      let rest = bytes[(key + 5)...].drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
      if rest.first == 0x2F {
        let name = rest.dropFirst().prefix {
          (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
        }
        return String(decoding: name, as: UTF8.self)
      }
      from = key + 5
    }
    return nil
  }

  /// Where objects begin: two numbers and the word, at the start of a line.
  private static func objects(_ file: Source) throws -> [Object] {
    var found: [Object] = []
    for place in try file.places(of: Array(" obj".utf8), in: file.range, most: mostObjects) {
      let skip = min(20, place.rawValue)
      let before = try file.read(
        at: ByteOffset(place.rawValue - skip), count: ByteCount(skip))
      let line = before.split(whereSeparator: { $0 == 0x0A || $0 == 0x0D }).last ?? []
      let isWhole = line.count < before.count
      let parts = line.split(separator: 0x20, omittingEmptySubsequences: true)
      guard isWhole, parts.count == 2,
        let number = UInt32(String(decoding: parts[0], as: UTF8.self)),
        let generation = UInt32(String(decoding: parts[1], as: UTF8.self)), number > 0,
        number < 8_388_607, generation < 65_536
      else { continue }
      let start = place.rawValue - UInt64(line.count)
      found.append(Object(number: number, generation: generation, start: ByteOffset(start)))
    }
    return found
  }
}

extension RandomAccessCollection<UInt8> where Index == Int {
  /// Where these bytes stand first.
  fileprivate func firstIndex(of pattern: [UInt8]) -> Int? {
    guard let first = pattern.first, count >= pattern.count else { return nil }
    var index = startIndex
    while index <= endIndex - pattern.count {
      if self[index] == first, self[index..<(index + pattern.count)].elementsEqual(pattern) {
        return index
      }
      index += 1
    }
    return nil
  }
}
