// SPDX-License-Identifier: Apache-2.0

import Bytes
import Dispatch
import Synchronization

/// Writes an E01 image: fed in order, packed by all cores. No segment file has its name before all
/// are whole; an image that is not finished disappears. Not to be shared by threads.
// Its two queues have the segments and each batch in their turn; the rest is the caller's.
package final class EWFWriter: @unchecked Sendable {
  /// What is stored: the length asked for, with the last sector filled up with zeros.
  package let length: ByteCount
  private let path: String
  private let segments: EWFSegments
  private let packers: [Deflater]
  private let workers: Int
  private let packing = DispatchQueue(label: "renflou.ewf.pack")
  private let writing = DispatchQueue(label: "renflou.ewf.write")
  private let idle: Mutex<[EWFBatch]>
  private let isFree: DispatchSemaphore
  private let failure = Mutex<SinkError?>(nil)
  private var batch: EWFBatch?
  private var taken: UInt64 = 0

  /// Batches on their way at the same time: one filled, one packed, one written.
  private static let batches = 3

  /// Creates the first segment file. Throws `SinkError` where one is there already, the name does
  /// not end in `.E01`, or the medium is too large for the format (128 TiB).
  package init(path: String, length: ByteCount, settings: EWFSettings) throws(SinkError) {
    guard let names = EWFNames(first: path) else {
      throw SinkError(path, .failed("the name of an E01 image ends in .E01"))
    }
    guard let geometry = try? EWFGeometry(length: length) else { throw SinkError(path, .tooLarge) }
    self.path = path
    self.length = geometry.length
    segments = try EWFSegments(path, names: names, geometry: geometry, settings: settings)
    workers = settings.workers
    var packers: [Deflater] = []
    if let level = settings.compression.level {
      for _ in 0..<settings.workers { packers.append(Deflater(level: level)) }
    }
    self.packers = packers
    var batches: [EWFBatch] = []
    for _ in 0..<Self.batches { batches.append(EWFBatch()) }
    idle = Mutex(batches)
    isFree = DispatchSemaphore(value: Self.batches)
  }

  /// Takes the next bytes, any number; throws what writing earlier ones ended in.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(SinkError) {
    guard taken + UInt64(bytes.count) <= length.rawValue else {
      throw SinkError(path, .failed("more bytes came than the image was made for"))
    }
    var done = 0
    while done < bytes.count {
      if batch == nil { batch = try nextBatch() }
      guard let batch else { return }
      // SAFETY: done < bytes.count.
      done += unsafe batch.fill(UnsafeRawBufferPointer(rebasing: bytes[done...]))
      if batch.isFull { submit(batch) }
    }
    taken += UInt64(bytes.count)
  }

  package func write(_ bytes: RawSpan) throws(SinkError) {
    let written: Result<Void, SinkError> = unsafe bytes.withUnsafeBytes { buffer in
      Result { () throws(SinkError) in try unsafe write(buffer) }
    }
    try written.get()
  }

  /// Fills up the last sector, waits for all to be written, and gives the files their names.
  ///
  /// - Parameters:
  ///   - errors: what could not be read; the format counts whole sectors of 512 bytes.
  ///   - md5: of `length` bytes, the zeros behind the end among them.
  ///   - sha1: the same.
  /// - Returns: the errors that the format has no room for: those beyond 2 TiB.
  @discardableResult
  package func finish(
    errors: [Range<ByteOffset>] = [], md5: [UInt8]? = nil, sha1: [UInt8]? = nil
  ) throws(SinkError) -> [Range<ByteOffset>] {
    let missing = length.rawValue - taken
    guard missing < 512 else {
      drain()
      throw SinkError(path, .failed("\(missing) bytes of the image never came"))
    }
    try [UInt8](repeating: 0, count: Int(missing)).withSpan { zeros throws(SinkError) in
      try write(zeros)
    }
    drain()
    try check()
    var listed: [(first: UInt32, count: UInt32)] = []
    var left: [Range<ByteOffset>] = []
    for range in RangeSet(unsorted: errors).ranges {
      let end = range.upperBound.rawValue / 512 + (range.upperBound.rawValue % 512 == 0 ? 0 : 1)
      let first = range.lowerBound.rawValue / 512
      if let first = UInt32(exactly: first), let count = UInt32(exactly: end - UInt64(first)) {
        listed.append((first, count))
      } else {
        left.append(range)
      }
    }
    try segments.finish(errors: listed, md5: md5, sha1: sha1)
    return left
  }

  /// Waits until all that came is written.
  private func drain() {
    if let batch { submit(batch) }
    packing.sync {}
    writing.sync {}
  }

  private func nextBatch() throws(SinkError) -> EWFBatch {
    isFree.wait()
    guard let next = idle.withLock({ $0.popLast() }) else { throw SinkError(path, .gone) }
    batch = next
    try check()
    return next
  }

  private func submit(_ batch: EWFBatch) {
    self.batch = nil
    packing.async { [self] in
      batch.pack(packers, workers: workers)
      writing.async { [self] in
        store(batch)
        batch.clear()
        idle.withLock { $0.append(batch) }
        isFree.signal()
      }
    }
  }

  private func store(_ batch: EWFBatch) {
    guard failure.withLock({ $0 == nil }) else { return }
    do throws(SinkError) {
      try unsafe batch.each { chunk, isPacked throws(SinkError) in
        try unsafe segments.append(chunk, isPacked: isPacked)
      }
    } catch {
      failure.withLock { $0 = error }
    }
  }

  private func check() throws(SinkError) {
    if let error = failure.withLock({ $0 }) { throw error }
  }

  deinit {
    // A semaphore must not go with fewer signals than it began with.
    if batch != nil { isFree.signal() }
  }
}
