// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Synchronization

/// A raw image or a block device, opened for reading alone.
///
/// Bytes are read into buffers that are used again, never mapped: a copy that stays in the
/// processor's cache is faster than a mapping, scales with workers, and fails with an error instead
/// of a signal. What fails is read again directly, sector by sector, because through the page cache
/// one bad sector costs its good neighbours.
package final class FileMedium: Medium {
  package let name: String
  package let length: ByteCount
  package let sectorSize: ByteCount
  package let isBlockDevice: Bool
  private let file: Descriptor
  private let direct: DirectReader
  private let pool = BufferPool()
  /// A device that failed once is read directly ever after: the page cache would try each bad
  /// sector again and again, and its neighbours with it.
  private let isTrusted: Atomic<Bool>

  /// Opens a file or a block device.
  ///
  /// - Parameter isDirect: read a block device past the page cache from the start, as where it is
  ///   timed.
  package init(path: String, isDirect: Bool = false) throws(SourceError) {
    let file = try Self.open(path)
    guard let status = file.status else { throw SourceError(path, .unreadable("no status")) }
    var device = cs_block_device()
    switch status.kind {
    case CS_FILE:
      length = ByteCount(status.size)
      sectorSize = 512
    case CS_BLOCK_DEVICE:
      let result = unsafe cs_block_device_of(file.number, &device)
      guard result == 0 else { throw SourceError(path, .unreadable(SystemError(result).words)) }
      length = ByteCount(device.size)
      sectorSize = ByteCount(UInt64(min(max(512, device.physical_sector), 4096)))
    default: throw SourceError(path, .notASource(status.kind.words))
    }
    guard length > 0 else { throw SourceError(path, .empty) }
    name = path
    isBlockDevice = status.kind == CS_BLOCK_DEVICE
    self.file = file
    direct = DirectReader(file, sector: Int(clamping: sectorSize.rawValue))
    isTrusted = Atomic(!isDirect)
  }

  private static func open(_ path: String) throws(SourceError) -> Descriptor {
    var status = cs_status()
    // SAFETY: the path is a string that outlives the call.
    let looked = unsafe cs_status_of_path(path, &status)
    guard looked == 0 else { throw SourceError(path, opening: SystemError(looked)) }
    guard [CS_FILE, CS_BLOCK_DEVICE].contains(status.kind) else {
      throw SourceError(path, .notASource(status.kind.words))
    }
    let number = unsafe cs_open_source(path)
    guard number >= 0 else { throw SourceError(path, opening: SystemError(number)) }
    return Descriptor(number)
  }

  package func isHole(_ range: Range<ByteOffset>) -> Bool {
    guard !isBlockDevice, let next = file.nextData(from: range.lowerBound) else { return false }
    return next >= range.upperBound
  }

  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    let isCached = !isBlockDevice || isTrusted.load(ordering: .relaxed)
    while done < target.count {
      // SAFETY: done < target.count.
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[done...])
      let position = offset.advancedClamped(by: ByteCount(clamping: done))
      if isCached, case .success(let got) = unsafe file.read(at: position, into: rest), got > 0 {
        done += got
      } else {
        noteFailure()
        if let defect = unsafe direct.read(at: position, into: rest, stopAtFirst: true).first {
          throw ReadError(source: name, range: defect)
        }
        return
      }
    }
  }

  package func withBytes(in range: Range<ByteOffset>, _ body: (RawSpan) throws -> Void) throws {
    try unsafe pool.withBuffer(range.length.inMemory()) { buffer in
      try unsafe read(at: range.lowerBound, into: buffer)
      try unsafe body(UnsafeRawBufferPointer(buffer).bytes)
    }
  }

  package func withReadableBytes(
    in range: Range<ByteOffset>, _ body: (RawSpan, RangeSet<ByteOffset>) throws -> Void
  ) throws {
    try unsafe pool.withBuffer(range.length.inMemory()) { buffer in
      var defects: [Range<ByteOffset>] = []
      if unsafe !readWhole(at: range.lowerBound, into: buffer) {
        noteFailure()
        unsafe defects = direct.read(at: range.lowerBound, into: buffer, stopAtFirst: false)
      }
      try unsafe body(UnsafeRawBufferPointer(buffer).bytes, RangeSet(unsorted: defects))
    }
  }

  /// Fills `target` through the page cache; false where anything fails.
  private func readWhole(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) -> Bool
  {
    if isBlockDevice, !isTrusted.load(ordering: .relaxed) { return false }
    var done = 0
    while done < target.count {
      let position = offset.advancedClamped(by: ByteCount(clamping: done))
      // SAFETY: done < target.count.
      guard
        case .success(let got) = unsafe file.read(
          at: position, into: UnsafeMutableRawBufferPointer(rebasing: target[done...])), got > 0
      else { return false }
      done += got
    }
    return true
  }

  private func noteFailure() {
    if isBlockDevice { isTrusted.store(false, ordering: .relaxed) }
  }
}
