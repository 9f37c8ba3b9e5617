// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Checksums
import Findings
import Reporting
import Storage

/// Makes a bag of recovered files. Run again, it goes on: what stands there with the right digest is not
/// copied again, and nothing is overwritten that the job did not put there.
///
/// The folder calls itself a bag only once it is made to its end; what could not be copied is in its
/// manifest even so, so that every check of the bag names it.
package struct Deliver {
  /// What the job asks of whoever started it, and tells.
  package struct Observer: Sendable {
    let observe: @Sendable (_ done: ByteCount, _ total: ByteCount, _ files: Int) -> Void
    /// Throws to end the job.
    let check: @Sendable () throws -> Void

    package init(
      observe: @escaping @Sendable (ByteCount, ByteCount, Int) -> Void = { _, _, _ in },
      check: @escaping @Sendable () throws -> Void = {}
    ) {
      self.observe = observe
      self.check = check
    }
  }

  let plan: DeliveryPlan
  let record: Case
  let recovery: FolderTree
  /// The path of that.
  let source: String
  let folder: String
  let language: Language
  /// Makes the gallery; nil for none.
  let thumbnailer: Thumbnailer?
  let version: String
  let now: Timestamp
  let observer: Observer

  /// What is lent at a time: 4 MiB.
  private static let piece = 0x40_0000

  /// - Parameters:
  ///   - recovery: the folder `files/` that `recover` wrote.
  ///   - folder: the bag.
  package init(
    _ plan: DeliveryPlan, record: Case, from recovery: String, to folder: String,
    language: Language, thumbnailer: Thumbnailer?, version: String, now: Timestamp,
    observer: Observer
  ) {
    self.plan = plan
    self.record = record
    self.recovery = FolderTree(recovery)
    source = recovery
    self.folder = folder
    self.language = language
    self.thumbnailer = thumbnailer
    self.version = version
    self.now = now
    self.observer = observer
  }

  /// Makes the bag.
  ///
  /// - Parameter isFAT: whether the target holds no file of 4 GiB.
  /// - Throws: `DeliveryError` before anything is written, `SinkError` when the target takes no more,
  ///   and what the observer throws; the same call goes on.
  package func run(isFAT: Bool) throws -> DeliveryResult {
    guard recovery.isReadable || plan.files.isEmpty else {
      throw DeliveryError(path: source, reason: .noRecovery)
    }
    let data = FolderTree(folder + "/data")
    let present = try self.present(in: data)
    try checkSizes(isFAT: isFAT)
    let sink = try Sink(folder: folder + "/data")
    try checkRoom(present, sink)
    var result = DeliveryResult(plan: plan)
    let buffer = ScratchBuffer(count: Self.piece)
    let total = plan.bytes
    var done: ByteCount = 0
    for file in plan.files {
      try observer.check()
      let outcome = try deliver(file, present[file.path], data, sink, buffer)
      result.count(file, outcome)
      done = done.addingClamped(file.size)
      observer.observe(done, total, result.delivered)
    }
    try sink.synchronize()
    result.manifest = try writeTagFiles(result)
    return result
  }

  /// The files that stand below `data/` with their sizes; throws where one is not of this delivery.
  private func present(in data: FolderTree) throws -> [String: ByteCount] {
    let expected = Set(plan.files.map(\.path))
    var present: [String: ByteCount] = [:]
    guard data.isReadable else { return present }
    _ = try data.visit { file in
      let path = String(decoding: file.path, as: UTF8.self)
      // What a kill left under the sink's own names is taken up again.
      let name = path.split(separator: "/").last ?? ""
      if name.hasPrefix(".renflou-"), name.hasSuffix(".part") { return }
      guard expected.contains(path) else {
        throw DeliveryError(path: folder + "/data/" + path, reason: .foreign)
      }
      present[path] = file.length
    }
    return present
  }

  private func checkSizes(isFAT: Bool) throws {
    let tooLarge = plan.files.filter { $0.size > DeliveryRoom.longestOnFAT }
    if isFAT, let largest = tooLarge.map(\.size).max() {
      throw DeliveryError(
        path: folder, reason: .tooLargeForFAT(count: tooLarge.count, largest: largest))
    }
  }

  private func checkRoom(_ present: [String: ByteCount], _ sink: Sink) throws {
    let rest = plan.files.filter { present[$0.path] != $0.size }
    let needed = DeliveryRoom(unit: sink.allocationUnit).needed(
      for: rest, listed: plan.files.count, pictures: thumbnailer == nil ? 0 : pictures.count)
    let free = try sink.freeSpace
    if needed > free {
      throw DeliveryError(path: folder, reason: .noRoom(needed: needed, free: free))
    }
  }

  private func deliver(
    _ file: DeliveryFile, _ present: ByteCount?, _ data: FolderTree, _ sink: Sink,
    _ buffer: borrowing ScratchBuffer
  ) throws -> DeliveryResult.Outcome {
    if let present {
      guard present == file.size,
        try digest(of: Array(file.path.utf8), in: data, buffer) == file.sha256
      else { return .changedInTarget }
      return .kept
    }
    return try copy(file, sink, buffer)
  }

  private func digest(
    of path: [UInt8], in tree: FolderTree, _ buffer: borrowing ScratchBuffer
  ) throws -> [UInt8]? {
    var hash = SHA256()
    let isWhole = try tree.read(path, into: buffer) { bytes in
      try observer.check()
      hash.update(bytes)
      return true
    }
    return isWhole ? hash.finish() : nil
  }

  /// Copies a file, and takes it back unless its digest is what the case says.
  private func copy(
    _ file: DeliveryFile, _ sink: Sink, _ buffer: borrowing ScratchBuffer
  ) throws -> DeliveryResult.Outcome {
    let target = try sink.create(file.components.map { Array($0.utf8) })
    var hash = SHA256()
    let isWhole = try recovery.read(file.origin, into: buffer) { bytes in
      try observer.check()
      hash.update(bytes)
      try target.write(bytes)
      return true
    }
    guard isWhole else {
      target.discard()
      return .missing
    }
    guard hash.finish() == file.sha256 else {
      target.discard()
      return .changed
    }
    try target.finish(modified: file.modified?.nanoseconds)
    guard target.relativePath == file.components.map({ Array($0.utf8) }) else {
      // Something that is no file has its name.
      throw SinkError(folder + "/data/" + file.path, .exists)
    }
    return .copied
  }

  /// What the gallery shows.
  var pictures: [DeliveryFile] {
    Array(plan.files.filter { !$0.isDamaged && Thumbnailer.shows($0) }.prefix(Gallery.most))
  }
}
