// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc

/// The raw image that a rescue writes: bytes at any offset, in any order; one file, or parts of equal
/// length (`IMAGE.001`, `IMAGE.002` …).
package final class ImageFile: Sendable {
  private struct Part: Sendable {
    let path: String
    let descriptor: Descriptor
  }

  package let path: String
  /// Whether this job made it: what was never written there reads as zeros.
  package let isNew: Bool
  private let parts: [Part]
  /// Bytes that a part holds, all but the last.
  private let partLength: UInt64

  /// More files are not open at the same time.
  private static let mostParts = 999

  /// Creates an image, or opens the one that an earlier run of the same job made.
  ///
  /// Throws `SinkError`.
  ///
  /// - Parameters:
  ///   - split: how long parts are; nil: one file.
  ///   - resuming: whether the image must be there already.
  package init(
    path: String, length: ByteCount, split: ByteCount? = nil, resuming: Bool
  ) throws(SinkError) {
    self.path = path
    isNew = !resuming
    partLength = max(split?.rawValue ?? .max, 512)
    let count = (max(length.rawValue, 1) - 1) / partLength + 1
    guard count <= Self.mostParts else {
      throw SinkError(path, .failed("it would have \(count) parts, \(Self.mostParts) at most"))
    }
    cs_allow_files(UInt64(count) + 256)
    var parts: [Part] = []
    do throws(SinkError) {
      for index in 0..<count {
        let name = split == nil ? path : Self.part(Int(index), of: path)
        let rest = length.rawValue - index * partLength
        let size = min(rest, partLength)
        parts.append(
          Part(path: name, descriptor: try Self.open(name, size, resuming: resuming)))
      }
    } catch {
      if !resuming { for part in parts { removeFile(part.path) } }
      throw error
    }
    self.parts = parts
  }

  private static func open(
    _ path: String, _ length: UInt64, resuming: Bool
  ) throws(SinkError) -> Descriptor {
    let number = unsafe cs_open_image(path, resuming ? 0 : 1)
    guard number >= 0 else { throw SinkError(path, SystemError(number)) }
    let descriptor = Descriptor(number)
    guard descriptor.status?.kind == CS_FILE else { return descriptor }
    let size = descriptor.status?.size ?? 0
    guard size <= length || !resuming else {
      throw SinkError(path, .failed("it is longer than the image: its parts are of another length"))
    }
    if size < length {
      let result = cs_set_length(number, length)
      guard result == 0 else { throw SinkError(path, SystemError(result)) }
    }
    return descriptor
  }

  /// The name of a part, counted from 0.
  private static func part(_ index: Int, of path: String) -> String {
    PartNames(firstPart: path + ".001")?.path(index) ?? path
  }

  /// Where the image is opened for reading: its only file, or its first part.
  package static func entry(_ path: String, isSplit: Bool) -> String {
    isSplit ? part(0, of: path) : path
  }

  /// Writes all of `bytes` at `offset`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: ByteOffset) throws(SinkError) {
    var done = 0
    while done < bytes.count {
      let (part, position, room) = try place(offset, done)
      // SAFETY: done < bytes.count.
      let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...].prefix(room))
      let put = unsafe cs_write_at(part.descriptor.number, rest.baseAddress, rest.count, position)
      guard put > 0 else {
        throw SinkError(part.path, put == 0 ? SystemError(-ENOSPC) : SystemError(put))
      }
      done += Int(clamping: put)
    }
  }

  /// The part that holds a byte, where in it, and how many bytes of it follow.
  private func place(
    _ offset: ByteOffset, _ done: Int
  ) throws(SinkError) -> (part: Part, position: UInt64, room: Int) {
    let position = offset.advancedClamped(by: ByteCount(clamping: done)).rawValue
    let index = position / partLength
    guard index < parts.count else { throw SinkError(path, .failed("the image ends too early")) }
    let inside = position % partLength
    return (parts[Int(index)], inside, Int(clamping: partLength - inside))
  }

  /// Returns once what was written so far is on the disk.
  package func sync() throws(SinkError) {
    for part in parts {
      let result = cs_sync_data(part.descriptor.number)
      guard result == 0 else { throw SinkError(part.path, SystemError(result)) }
    }
  }

  /// Fills `target` from `offset` on.
  package func read(
    at offset: ByteOffset, into target: UnsafeMutableRawBufferPointer
  ) throws(SinkError) {
    var done = 0
    while done < target.count {
      let (part, position, room) = try place(offset, done)
      // SAFETY: done < target.count.
      let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: target[done...].prefix(room))
      switch unsafe part.descriptor.read(at: ByteOffset(position), into: rest) {
      case .success(0): throw SinkError(part.path, .failed("the image ends too early"))
      case .success(let got): done += got
      case .failure(let error): throw SinkError(part.path, error)
      }
    }
  }
}
