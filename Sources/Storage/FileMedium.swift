// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc
import Synchronization

/// A raw image or a block device, opened for reading alone.
///
/// Long ranges are lent as a mapping that was filled first; short ones are read. Where that fails
/// the bytes are read again directly, sector by sector, because through the page cache one bad
/// sector costs its good neighbours.
package final class FileMedium: Medium {
  package let name: String
  package let length: ByteCount
  package let sectorSize: ByteCount
  package let isBlockDevice: Bool
  private let file: Descriptor
  private let direct: DirectReader
  /// A device that failed once is not trusted with mappings any more.
  private let mapsWindows: Atomic<Bool>

  /// From here on a mapping is cheaper than a copy.
  private static let shortestWindow: ByteCount = 0x1_0000

  /// Opens a file or a block device.
  package init(path: String) throws(SourceError) {
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
      sectorSize = ByteCount(UInt64(max(512, device.physical_sector)))
    default: throw SourceError(path, .notASource(status.kind.words))
    }
    guard length > 0 else { throw SourceError(path, .empty) }
    name = path
    isBlockDevice = status.kind == CS_BLOCK_DEVICE
    self.file = file
    direct = DirectReader(file, length: length, sector: Int(clamping: sectorSize.rawValue))
    mapsWindows = Atomic(true)
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

  package func read(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    while done < target.count {
      // SAFETY: done < target.count.
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[done...])
      let position = offset.advancedClamped(by: ByteCount(clamping: done))
      if case .success(let got) = unsafe file.read(at: position, into: rest), got > 0 {
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
    let count = try range.length.inMemory()
    if try lendWindow(range, count, body) { return }
    let buffer = ScratchBuffer(count: count)
    try unsafe read(at: range.lowerBound, into: buffer.bytes)
    try unsafe body(UnsafeRawBufferPointer(buffer.bytes).bytes)
  }

  /// Lends `range` with zeros where sectors cannot be read, and says which.
  ///
  /// Throws `ReadError` for the whole range only where the medium failed after it was lent: `body`
  /// then saw zeros, and its result must be thrown away. Calling again finds the exact defects.
  package func withReadableBytes(
    in range: Range<ByteOffset>, _ body: (RawSpan, RangeSet<ByteOffset>) throws -> Void
  ) throws {
    let count = try range.length.inMemory()
    if try lendWindow(range, count, { try body($0, RangeSet()) }) { return }
    let buffer = ScratchBuffer(count: count)
    var defects: [Range<ByteOffset>] = []
    if unsafe !readWhole(at: range.lowerBound, into: buffer.bytes) {
      noteFailure()
      unsafe defects = direct.read(at: range.lowerBound, into: buffer.bytes, stopAtFirst: false)
    }
    try unsafe body(UnsafeRawBufferPointer(buffer.bytes).bytes, RangeSet(unsorted: defects))
  }

  /// Fills `target` through the page cache; false where anything fails.
  private func readWhole(at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer) -> Bool
  {
    if isBlockDevice, !mapsWindows.load(ordering: .relaxed) { return false }
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

  /// Lends `range` as a mapping; false where it is too short or cannot be filled.
  private func lendWindow(
    _ range: Range<ByteOffset>, _ count: Int, _ body: (RawSpan) throws -> Void
  ) throws -> Bool {
    guard range.length >= Self.shortestWindow, range.upperBound <= ByteOffset(length),
      mapsWindows.load(ordering: .relaxed)
    else { return false }
    let lead = Int(truncatingIfNeeded: range.lowerBound.rawValue % 0x1_0000)
    let start = range.lowerBound.rawValue - UInt64(lead)
    var window = unsafe cs_window()
    let mapped = unsafe cs_window_map(file.number, start, lead + count, &window)
    guard mapped == 0, let base = unsafe window.base else {
      if SystemError(mapped).code == ENOSYS { mapsWindows.store(false, ordering: .relaxed) }
      return false
    }
    let outcome = Result {
      // SAFETY: the window is `lead + count` bytes long and unmapped below, after the body.
      try unsafe body(UnsafeRawBufferPointer(start: base + lead, count: count).bytes)
    }
    guard unsafe cs_window_unmap(&window) == 0 else {
      noteFailure()
      throw ReadError(source: name, range: range)
    }
    try outcome.get()
    return true
  }

  private func noteFailure() {
    if isBlockDevice { mapsWindows.store(false, ordering: .relaxed) }
  }
}
