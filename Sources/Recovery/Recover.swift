// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Checksums
import Compression
import Findings
import Storage

/// Writes the files of a case into a folder, hashing on the way; what an earlier run had written is
/// left as it is.
package struct Recover {
  let medium: any Medium
  let record: Case
  let sink: Sink
  let observer: JobObserver
  let now: @Sendable () -> Timestamp
  let known: KnownFiles?

  /// What lies below this much of the medium at a time is in memory.
  private static let piece: ByteCount = 0x40_0000
  /// A sparse file may be larger than its medium, but not by more than this factor, nor may the holes of
  /// all of them: damaged sizes would take for ever to fill with zeros.
  private static let mostExpansion: UInt64 = 64

  /// - Parameters:
  ///   - sink: the folder `files/` of the recovery.
  ///   - known: files that are not worth writing.
  package init(
    _ medium: any Medium, record: Case, sink: Sink, observer: JobObserver,
    known: KnownFiles? = nil, now: @escaping @Sendable () -> Timestamp
  ) {
    self.medium = medium
    self.record = record
    self.sink = sink
    self.observer = observer
    self.now = now
    self.known = known
  }

  /// Writes every file that `query` selects.
  ///
  /// Throws `SinkError` when the target takes no more and `Cancelled`; what was written until then
  /// is in the case, and the same call goes on behind it.
  package func run(_ query: Query) throws -> RecoveryTotals {
    let paths = OutputPaths(volumes: try record.volumes())
    var totals = RecoveryTotals()
    var unsaved: [WrittenRecord] = []
    var saved = now()
    var twins = try Twins(of: record, isStill: isStill)
    let all = try bytes(of: query)
    var holes: ByteCount = 0
    do {
      try record.each(query) { id, finding in
        try observer.check()
        guard finding.kind == .file, finding.verdict != .nameOnly else {
          totals.withoutContent += finding.kind == .file ? 1 : 0
          return true
        }
        let own = finding.content.filter { $0.place == .hole }.length
        if let earlier = try record.written(id), isStill(earlier) {
          holes = holes.addingClamped(own)
          totals.count(earlier)
          return true
        }
        guard finding.size <= mostBytes, own == 0 || holes.addingClamped(own) <= mostBytes else {
          totals.absurd += 1
          return true
        }
        holes = holes.addingClamped(own)
        let written = try write(
          finding, id: id, path: paths.components(of: finding, id: id), twins: &twins)
        totals.count(written)
        unsaved.append(written)
        if unsaved.count >= 1000 || now().nanoseconds - saved.nanoseconds > 1_000_000_000 {
          try record.setWritten(unsaved)
          unsaved = []
          saved = now()
          observer.observe(totals.progress(of: all))
        }
        return true
      }
    } catch {
      try? record.setWritten(unsaved)
      throw error
    }
    try record.setWritten(unsaved)
    observer.observe(totals.progress(of: all))
    try record.log(
      "files written", "\(totals.files) files, \(totals.bytes.rawValue) bytes", at: now())
    return totals
  }

  /// The sum of the sizes of the files that `query` selects and that would be written.
  package func bytes(of query: Query) throws -> ByteCount {
    var query = query
    query.maximumSize = min(query.maximumSize ?? mostBytes, mostBytes)
    return try record.totals(query).lazy.filter { $0.verdict != .nameOnly }
      .reduce(0) { $0.addingClamped($1.bytes) }
  }

  private var mostBytes: ByteCount {
    let (limit, overflow) = medium.length.rawValue.multipliedReportingOverflow(
      by: Self.mostExpansion)
    return ByteCount(overflow ? UInt64(Int64.max) : max(limit, 0x4000_0000))
  }

  /// Whether what an earlier run said of a finding holds.
  private func isStill(_ earlier: WrittenRecord) -> Bool {
    if earlier.outcome == .known { return known != nil }
    return sink.size(of: earlier.path.split(separator: 0x2F).map(Array.init)) == earlier.size
  }

  private func write(
    _ finding: Finding, id: Int64, path: [[UInt8]], twins: inout Twins
  ) throws -> WrittenRecord {
    let file = try sink.create(path)
    do {
      var hash = FileDigests(for: known)
      var missing: ByteCount = 0
      for extent in finding.content {
        try copy(extent, to: file, hash: &hash, missing: &missing)
      }
      let digests = try hash.finish()
      var outcome = WrittenRecord.Outcome.written
      var place: [UInt8] = []
      if digests.areKnown {
        outcome = .known
      } else if finding.origin == .carve, let twin = twins.path(of: digests.sha256) {
        outcome = .twin
        place = twin
      }
      if outcome == .written {
        try file.finish(
          modified: finding.times.modified?.nanoseconds,
          accessed: finding.times.accessed?.nanoseconds)
        place = Array(file.relativePath.joined(separator: [0x2F]))
        twins.add(digests.sha256, path: place)
      } else {
        file.discard()
      }
      var finding = finding
      finding.setUnreadable(missing)
      return WrittenRecord(
        id: id, path: place, sha256: digests.sha256,
        size: finding.content.length,
        missing: missing, verdict: finding.verdict, evidence: finding.evidence, outcome: outcome)
    } catch {
      file.discard()
      throw error
    }
  }

  /// Copies one extent in pieces; zeros stand for what is lost or cannot be read.
  private func copy(
    _ extent: Extent, to file: SinkFile, hash: inout FileDigests, missing: inout ByteCount
  ) throws {
    switch extent.place {
    case .bytes(let bytes):
      try bytes.withSpan { try file.write($0) }
      hash.update(bytes)
    case .packed:
      let source = Source(
        medium, extents: [extent], name: medium.name, unpacker: Unpacking.unpack)
      guard let bytes = try? source.read(at: 0, count: extent.count) else {
        try skip(extent.count, in: file, hash: &hash)
        missing = missing.addingClamped(extent.count)
        return
      }
      try bytes.withSpan { try file.write($0) }
      hash.update(bytes)
    case .hole: try skip(extent.count, in: file, hash: &hash)
    case .lost:
      try skip(extent.count, in: file, hash: &hash)
      missing = missing.addingClamped(extent.count)
    case .medium(let start):
      let end = start.advancedClamped(by: extent.count)
      let readable = min(end, max(start, ByteOffset(medium.length)))
      var position = start
      while position < readable {
        try observer.check()
        let next = min(position.advancedClamped(by: Self.piece), readable)
        var bad: ByteCount = 0
        // A digest cannot be captured while it is inout: the piece is hashed where it is lent.
        try withHash(&hash) { hash in
          try medium.withReadableBytes(in: position..<next) { bytes, defects in
            try file.write(bytes)
            hash.update(bytes)
            bad = defects.length
          }
        }
        missing = missing.addingClamped(bad)
        position = next
      }
      try skip((readable..<end).length, in: file, hash: &hash)
      missing = missing.addingClamped((readable..<end).length)
    }
  }

  private func withHash(_ hash: inout FileDigests, _ body: (inout FileDigests) throws -> Void)
    rethrows
  {
    try body(&hash)
  }

  private func skip(_ count: ByteCount, in file: SinkFile, hash: inout FileDigests) throws {
    try file.skip(count)
    let zeros = [UInt8](repeating: 0, count: 0x1_0000)
    var rest = count
    while rest > 0 {
      try observer.check()
      let part = min(rest, ByteCount(clamping: zeros.count))
      hash.update(Array(zeros.prefix(Int(clamping: part.rawValue))))
      rest = rest.subtractingClamped(part)
    }
  }
}
