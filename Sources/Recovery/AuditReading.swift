// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Dispatch
import FileFormats
import Findings
import Storage
import Synchronization

/// The part of an audit that reads: files side by side, in the order in which the disk has them.
struct AuditReading: Sendable {
  /// A file, and what it should be.
  struct Pair: Sendable {
    let expected: ExpectedFile
    let file: FolderFile
  }

  /// What is in a core's cache between the read and the digest.
  private static let piece = 0x2_0000

  let expected: ExpectedFiles
  let comparison: ContentComparison?
  private let tree: FolderTree
  private let settings: Audit.Settings
  private let observer: JobObserver
  private let progress = Progress()

  /// How much was read, by all workers.
  private final class Progress: Sendable {
    let done = Atomic<UInt64>(0)
    let total = Atomic<UInt64>(0)
    let files = Atomic(0)
  }

  init(_ audit: Audit) {
    tree = audit.tree
    expected = audit.expected
    settings = audit.settings
    observer = audit.observer
    let unreadIsZero = audit.expected.unreadIsZero
    comparison = audit.expected.medium.map { ContentComparison($0, unreadIsZero: unreadIsZero) }
  }

  /// What is to be said of each pair, in their order.
  func entries(of pairs: [Pair]) throws -> [AuditEntry] {
    try inParallel(pairs, file: \.file) { pair, buffer in
      try entry(of: pair, buffer: buffer)
    }
  }

  /// Digests of one kind, nil for files that cannot be read; in the order of `files`.
  func digests(_ kind: MessageDigest.Kind, of files: [FolderFile]) throws -> [[UInt8]?] {
    try inParallel(files, file: \.self) { file, buffer in
      try digest(kind, of: file, buffer: buffer)
    }
  }

  /// Throws `Cancelled` if the audit was asked to stop.
  func check() throws { try observer.check() }

  /// Does `work` on each item, on all workers. Items are taken in the order of their inodes, so that a
  /// disk with heads moves them one way; the largest come first, so that none is left alone at the end.
  private func inParallel<Item: Sendable, Result: Sendable>(
    _ items: [Item], file: (Item) -> FolderFile,
    _ work: @Sendable (Item, borrowing ScratchBuffer) throws -> Result
  ) throws -> [Result] {
    let files = items.map(file)
    let sum = files.reduce(ByteCount(0)) { $0.addingClamped($1.length) }
    let large = ByteCount(sum.rawValue / UInt64(max(1, settings.workers) * 16))
    let order = items.indices.sorted { left, right in
      let sizes = (max(files[left].length, large), max(files[right].length, large))
      return sizes.0 == sizes.1 ? files[left].inode < files[right].inode : sizes.0 > sizes.1
    }
    progress.total.add(sum.rawValue, ordering: .relaxed)
    let outcome = Mutex(Outcome<Result>(count: items.count))
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: max(1, settings.workers)) { _ in
      let buffer = ScratchBuffer(count: Self.piece)
      while true {
        let turn = next.add(1, ordering: .relaxed).oldValue
        guard turn < order.count else { return }
        let index = order[turn]
        do {
          try observer.check()
          let result = try work(items[index], buffer)
          outcome.withLock { $0.results[index] = result }
        } catch {
          next.store(order.count, ordering: .relaxed)
          return outcome.withLock { $0.error = $0.error ?? error }
        }
        progress.files.add(1, ordering: .relaxed)
        observe()
      }
    }
    try settings.state?.flush()
    return try outcome.withLock { outcome in
      if let error = outcome.error { throw error }
      return outcome.results.compactMap { $0 }
    }
  }

  private struct Outcome<Result: Sendable>: Sendable {
    var results: [Result?]
    var error: (any Error)?

    init(count: Int) { results = [Result?](repeating: nil, count: count) }
  }

  private func observe() {
    observer.observe(
      JobProgress(
        phase: .verifying, done: ByteCount(progress.done.load(ordering: .relaxed)),
        total: ByteCount(progress.total.load(ordering: .relaxed)), defects: 0,
        files: progress.files.load(ordering: .relaxed)))
  }

  private func noteRead(_ count: ByteCount) throws {
    let (old, new) = progress.done.add(count.rawValue, ordering: .relaxed)
    // Every 16 MiB.
    if old >> 24 != new >> 24 {
      try observer.check()
      observe()
    }
  }

  private func entry(of pair: Pair, buffer: borrowing ScratchBuffer) throws -> AuditEntry {
    var entry = AuditEntry(pair.file.path, .matched)
    entry.size = pair.file.length
    entry.expectedSize = pair.expected.size
    if let comparison, let content = pair.expected.content {
      guard let result = try result(of: pair.file, content, comparison, buffer: buffer) else {
        return AuditEntry(pair.file.path, .unreadable)
      }
      entry.unread = result.unread
      if let difference = result.difference {
        entry.outcome = .changed
        entry.difference = difference
        entry.places = comparison.places(of: difference.ranges, in: content)
      } else if result.unread > 0 {
        entry.outcome = .unproven
      }
    } else if let size = pair.expected.size, size != pair.file.length {
      // Where the size tells, nothing need be read.
      entry.outcome = .changed
    } else if let digest = pair.expected.digest {
      guard let found = try self.digest(digest.kind, of: pair.file, buffer: buffer) else {
        return AuditEntry(pair.file.path, .unreadable)
      }
      if found != digest.bytes { entry.outcome = .changed }
    }
    compareMetadata(pair, &entry)
    examineFormat(pair, &entry)
    return entry
  }

  private func compareMetadata(_ pair: Pair, _ entry: inout AuditEntry) {
    if settings.comparesTimes, let time = pair.expected.modified {
      let found = Timestamp(nanoseconds: pair.file.modified)
      if !expected.areEqual(time, found) { entry.times = (time, found) }
    }
    if settings.comparesModes, let mode = pair.expected.mode, mode != pair.file.mode {
      entry.modes = (mode, pair.file.mode)
    }
    if entry.outcome == .matched, entry.times != nil || entry.modes != nil {
      entry.outcome = .metadata
    }
  }

  /// Follows the format of a file anew that was said to be whole.
  private func examineFormat(_ pair: Pair, _ entry: inout AuditEntry) {
    guard let id = pair.expected.format, let file = tree.source(of: pair.file.path),
      let format = FileFormat.all.first(where: { $0.id == id }),
      let examination = try? format.examine(file), examination.end != .complete
    else { return }
    entry.brokenAt = ByteOffset(examination.length)
    if [.matched, .metadata].contains(entry.outcome) { entry.outcome = .malformed }
  }

  private func digest(
    _ kind: MessageDigest.Kind, of file: FolderFile, buffer: borrowing ScratchBuffer
  ) throws -> [UInt8]? {
    if let known = settings.state?.answer(to: .digest(kind), of: file),
      let digest = FileDigest(kind, hexadecimal: known.utf8)
    {
      try noteRead(file.length)
      return digest.bytes
    }
    let digest = try read(file, kind, buffer: buffer)
    if let digest { try settings.state?.keep(digest.hexadecimal, to: .digest(kind), of: file) }
    return digest
  }

  private func read(
    _ file: FolderFile, _ kind: MessageDigest.Kind, buffer: borrowing ScratchBuffer
  ) throws -> [UInt8]? {
    let digest = SharedDigest(kind)
    let isWhole = try tree.read(file.path, into: buffer) { bytes in
      digest.update(bytes)
      try noteRead(ByteCount(clamping: bytes.byteCount))
      return true
    }
    return isWhole ? digest.value : nil
  }

  private func result(
    of file: FolderFile, _ content: [Extent], _ comparison: ContentComparison,
    buffer: borrowing ScratchBuffer
  ) throws -> ContentComparison.Result? {
    // Only that all matched is worth keeping: what differs is looked at again.
    if settings.state?.answer(to: .content, of: file) == "same" {
      try noteRead(file.length)
      return ContentComparison.Result()
    }
    let result = try comparison.compare(
      file.path, in: tree, with: content, buffer: buffer, report: { try noteRead($0) })
    if result == ContentComparison.Result() {
      try settings.state?.keep("same", to: .content, of: file)
    }
    return result
  }
}

/// A digest that a closure may take bytes in for.
private final class SharedDigest {
  private var digest: MessageDigest

  init(_ kind: MessageDigest.Kind) { digest = MessageDigest(kind) }

  func update(_ bytes: RawSpan) { digest.update(bytes) }

  var value: [UInt8] { digest.value() }
}

extension ExpectedFiles {
  /// Whether two times are the same as far as both are known: whole seconds may be all that either
  /// file system keeps.
  func areEqual(_ left: Timestamp, _ right: Timestamp) -> Bool {
    let isWhole = [left, right].contains { $0.nanoseconds % 1_000_000_000 == 0 }
    let step: Int64 = isWhole ? 1_000_000_000 : 1
    let (distance, overflow) = left.nanoseconds.subtractingReportingOverflow(right.nanoseconds)
    return !overflow && distance.magnitude < UInt64(max(step, timeStep))
  }
}
