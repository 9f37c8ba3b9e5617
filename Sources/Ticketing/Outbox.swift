// SPDX-License-Identifier: Apache-2.0

import Checksums
import Foundation
import Storage

/// The folder of a case in which exports wait: a file each, and a folder with copies of its documents.
///
/// Methods throw `SinkError`.
package struct Outbox: Sendable {
  private let folder: String

  /// - Parameter caseFolder: the case that it belongs to.
  package init(in caseFolder: String) { folder = caseFolder + "/outbox" }

  private var sent: String { folder + "/sent" }
  private func path(_ marker: String) -> String { "\(folder)/\(marker).json" }
  private func copies(_ marker: String) -> String { "\(folder)/\(marker)" }

  /// What waits, oldest first. A file that is none of ours is told, not passed over.
  package func waiting() throws -> [OutboxEntry] { try entries(in: folder) }

  /// What was sent.
  package func done() throws -> [OutboxEntry] { try entries(in: sent) }

  /// Keeps other jobs from sending until the result is given up; throws `SinkError` where one is at it.
  package func lock() throws -> AppendedFile {
    try makeFolder(folder)
    return try AppendedFile(path: folder + "/lock")
  }

  private func entries(in folder: String) throws -> [OutboxEntry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return try names.filter { $0.hasSuffix(".json") }.sorted().map { name in
      let path = folder + "/" + name
      guard let text = FolderTree.contents(of: path, limit: 1 << 24),
        let entry = try? JSONDecoder().decode(OutboxEntry.self, from: Data(text)),
        entry.schema == "renflou-outbox-1", entry.record.marker + ".json" == name
      else { throw TicketError(.badEntry(path)) }
      return entry
    }.sorted { ($0.created, $0.record.marker) < ($1.created, $1.record.marker) }
  }

  /// Puts an export in, with copies of its documents, so that what is sent is what was asked for.
  package func add(_ entry: OutboxEntry, documents: [[UInt8]]) throws -> OutboxEntry {
    var entry = entry
    let marker = entry.record.marker
    try makeFolder(copies(marker))
    for (index, bytes) in documents.enumerated() {
      let file = "\(index + 1)"
      try replaceFile(at: "\(copies(marker))/\(file)") { write in try write(bytes) }
      entry.record.documents[index].file = file
      entry.record.documents[index].sha256 = SHA256.hash(bytes).hexadecimal
    }
    try save(entry)
    return entry
  }

  /// Puts how far an export is on the disk.
  package func save(_ entry: OutboxEntry) throws {
    try replaceFile(at: path(entry.record.marker)) { write in try write(Self.bytes(of: entry)) }
  }

  /// Takes an export that was sent out of the way; what was sent when stays readable.
  package func finish(_ entry: OutboxEntry) throws {
    let marker = entry.record.marker
    try makeFolder(sent)
    try replaceFile(at: "\(sent)/\(marker).json") { write in try write(Self.bytes(of: entry)) }
    removeFile(path(marker))
    try? FileManager.default.removeItem(atPath: copies(marker))
  }

  /// A document's bytes; throws `TicketError` where they are not those that were put in.
  func content(_ document: TicketRecord.Document, of marker: String) throws -> [UInt8] {
    guard let bytes = FolderTree.contents(of: "\(copies(marker))/\(document.file)"),
      SHA256.hash(bytes).hexadecimal == document.sha256
    else { throw TicketError(.documentChanged(document.name)) }
    return bytes
  }

  private func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(
        atPath: path, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
    } catch {
      throw TicketError(.badEntry(path))
    }
  }

  private static func bytes(of entry: OutboxEntry) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try Array(encoder.encode(entry)) + [0x0A]
  }
}
