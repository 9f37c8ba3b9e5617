// SPDX-License-Identifier: Apache-2.0

import Bytes
import Storage

/// The documents of a rescue beside its image: the mapfile, what happened since it was written, and
/// a log.
final class RescueRecord: Sendable {
  let mapPath: String
  private let journal: AppendedFile
  private let log: AppendedFile

  static func logPath(_ mapPath: String) -> String { mapPath + ".log" }

  /// Opens the documents of a job, or makes them; nobody else may have them open.
  init(mapPath: String) throws(SinkError) {
    self.mapPath = mapPath
    journal = try AppendedFile(path: Journal.path(mapPath))
    log = try AppendedFile(path: Self.logPath(mapPath))
  }

  /// What earlier runs of the job reached; nil where there was none.
  ///
  /// Throws `SourceError` where the mapfile is none.
  static func map(at path: String, length: ByteCount) throws -> RescueMap? {
    var map: RescueMap?
    do {
      map = RescueMap(try readMapfile(path), length: length)
    } catch {
      guard error.reason == .missing else { throw error }
    }
    for mark in Journal.marks(beside: path) {
      if map == nil { map = RescueMap(length: length) }
      map?.mark(mark.range, mark.status)
    }
    _ = map?.takeMarks()
    return map
  }

  /// Records marks whose data is on the disk by now.
  func append(_ marks: [Mapfile.Block]) throws(SinkError) {
    try journal.append(Array(marks.map(Journal.line).joined().utf8), sync: true)
  }

  /// Writes the mapfile anew, whole, and begins the journal again.
  func write(_ map: RescueMap, phase: Phase?, comment: String) throws {
    let activity: UInt8 =
      switch phase {
      case .copying, .delimiting, .sweeping: 0x3F
      case .trimming: 0x2A
      case .scraping: 0x2F
      case .retrying: 0x2D
      case nil: 0x2B
      }
    let mapfile = try Mapfile(blocks: map.blocks, activity: activity)
    try replaceFile(at: mapPath) { write in try write(Array(mapfile.text(comment: comment).utf8)) }
    try journal.empty()
  }

  /// Adds a line to the log.
  func note(_ line: String) throws(SinkError) {
    try log.append(Array((line + "\n").utf8), sync: true)
  }

  /// Takes all documents away: there was no job.
  func remove() {
    for path in [mapPath, Journal.path(mapPath), Self.logPath(mapPath)] { removeFile(path) }
  }
}
