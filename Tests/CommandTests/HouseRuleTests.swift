// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What ARCHITECTURE.md and CONTRIBUTING.md promise of the sources, and no compiler checks.
@Suite struct `house rules` {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources").path

  /// Swift files by their path below Sources, with their lines.
  private static let files: [(path: String, lines: [Substring])] = {
    let all =
      FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String }.sorted() ?? []
    return all.filter { $0.hasSuffix(".swift") }.compactMap { path in
      (try? String(contentsOfFile: root + "/" + path, encoding: .utf8))
        .map { (path, $0.split(separator: "\n", omittingEmptySubsequences: false)) }
    }
  }()

  private func target(_ path: String) -> String { String(path.prefix { $0 != "/" }) }

  private func imports(_ file: (path: String, lines: [Substring])) -> Set<String> {
    Set(file.lines.filter { $0.hasPrefix("import ") }.map { String($0.dropFirst(7)) })
  }

  @Test func `parsers know bytes and nothing else`() {
    let parsers: Set = [
      "Btrfs", "Bytes", "Checksums", "Partitions", "FileFormats", "Ext", "FAT", "NTFS", "Volumes",
      "Findings",
      "SignatureScan",
    ]
    let mine = Self.files.filter { parsers.contains(target($0.path)) }
    #expect(mine.count > 80)
    for file in mine {
      #expect(
        imports(file).isDisjoint(with: ["Foundation", "Dispatch", "Storage", "Case", "GRDB"]),
        "\(file.path)")
    }
  }

  @Test func `reports open no source`() {
    for file in Self.files where target(file.path) == "Reporting" {
      #expect(
        imports(file).isDisjoint(with: ["Storage", "Ext", "FAT", "Carving", "Recovery"]),
        "\(file.path)")
    }
  }

  @Test func `each C library is imported by one target`() {
    let libraries: Set = [
      "CBlkid", "CBzip2", "CCrypto", "CDeflate", "CExt2FS", "CLZMA", "CTransfer", "CZlib", "CZstd",
      "GRDB",
    ]
    var users: [String: Set<String>] = [:]
    for file in Self.files {
      for name in imports(file)
      where libraries.contains(name) {
        users[name, default: []].insert(target(file.path))
      }
    }
    #expect(users.count == libraries.count)
    for (library, targets) in users { #expect(targets.count == 1, "\(library): \(targets)") }
  }

  @Test func `unsafe code stays where it may be`() {
    let allowed: Set = [
      "Bytes", "Storage", "SignatureScan", "Checksums", "Compression", "Identification", "Imaging",
      "Transfer", "renflou",
    ]
    for file in Self.files where !allowed.contains(target(file.path)) {
      guard
        !["LibraryChannel", "LibraryGeometry", "MeteredMedium"].contains(where: file.path.contains)
      else {
        continue
      }
      #expect(!file.lines.contains { $0.contains("unsafe ") }, "\(file.path)")
    }
  }

  @Test func `a file has its licence and is no longer than 400 lines`() {
    #expect(Self.files.count > 200)
    for file in Self.files {
      #expect(
        file.lines.first == "// SPDX-License-Identifier: Apache-2.0"
          || target(file.path).hasPrefix("C"), "\(file.path)")
      #expect(file.lines.count <= 400, "\(file.path)")
    }
  }

  @Test func `nothing is forced that comes from a disk`() {
    let parsers: Set = ["Partitions", "FileFormats", "Ext", "FAT"]
    for file in Self.files where parsers.contains(target(file.path)) {
      for (number, line) in file.lines.enumerated() {
        let code = line.prefix { $0 != "/" }
        #expect(!code.contains("try! ") && !code.contains("as! "), "\(file.path):\(number + 1)")
      }
    }
  }
}
