// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What the directories of a Windows program name: each begins in a way of its own, so that one which does
/// not is foreign bytes.
///
/// | Directory | Begins with                                                              |
/// |----------:|--------------------------------------------------------------------------|
/// |         1 | imports: five words, the fourth and fifth addresses inside of sections   |
/// |         2 | resources: four zeros; at 0x0C two counts of entries, not both zero      |
/// |         5 | relocations: a page's address and the size of its block                  |
/// |        14 | .NET: 72, two versions, address and size of the metadata, which begin `BSJB` |
///
/// - Source: Microsoft, *PE Format*, "Optional Header Data Directories"; ECMA-335, §II.25.3.3.
struct PEDirectories {
  /// A directory in the file.
  struct Entry {
    let index: Int
    let place: ByteOffset
  }

  let file: Source
  /// Where in the file an address of the running program stands; nil where in none.
  let place: (UInt64) -> ByteOffset?

  /// The first of the directories, by their place, that does not begin as it must; nil where all do.
  func firstForeign(of entries: [Entry]) throws -> ByteOffset? {
    for entry in entries.sorted(by: { $0.place < $1.place }) {
      guard let bytes = try? file.read(at: entry.place, count: 20) else { continue }
      switch entry.index {
      case 1: if try !areImports(bytes) { return entry.place }
      case 2: if try !areResources(bytes) { return entry.place }
      case 5: if try !areRelocations(bytes) { return entry.place }
      case 14: if let wrong = try foreignMetadata(bytes, at: entry.place) { return wrong }
      default: continue
      }
    }
    return nil
  }

  private func areImports(_ bytes: [UInt8]) throws -> Bool {
    if bytes.allSatisfy({ $0 == 0 }) { return true }
    return try place(UInt64(bytes.little(UInt32.self, at: 12))) != nil
      && place(UInt64(bytes.little(UInt32.self, at: 16))) != nil
  }

  private func areResources(_ bytes: [UInt8]) throws -> Bool {
    let counts =
      UInt64(try bytes.little(UInt16.self, at: 12)) + UInt64(try bytes.little(UInt16.self, at: 14))
    return try bytes.little(UInt32.self, at: 0) == 0 && counts > 0 && counts <= 4096
  }

  private func areRelocations(_ bytes: [UInt8]) throws -> Bool {
    if bytes.prefix(8).allSatisfy({ $0 == 0 }) { return true }
    let block = UInt64(try bytes.little(UInt32.self, at: 4))
    return try bytes.little(UInt32.self, at: 0) % 4096 == 0 && block >= 8 && block % 2 == 0
      && block <= 0x4008
  }

  private func foreignMetadata(_ bytes: [UInt8], at start: ByteOffset) throws -> ByteOffset? {
    guard try bytes.little(UInt32.self, at: 0) == 72 else { return start }
    guard let metadata = place(UInt64(try bytes.little(UInt32.self, at: 8))) else { return start }
    let mark = try file.readPrefix(at: metadata, count: 4)
    return mark.count == 4 && mark != Array("BSJB".utf8) ? metadata : nil
  }
}
