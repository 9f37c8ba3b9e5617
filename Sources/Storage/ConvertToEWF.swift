// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Dispatch

/// Copies a source into an E01 image, with MD5 and SHA-1 of what is stored. What cannot be read
/// becomes zeros and an entry of the image's list of errors.
///
/// Throws `SinkError`, and what `progress` throws.
///
/// - Parameter progress: told after each step how many bytes are done.
/// - Returns: what could not be read.
@discardableResult
package func convert(
  _ source: Source, to writer: EWFWriter, progress: (ByteCount) throws -> Void = { _ in }
) throws -> RangeSet<ByteOffset> {
  let step: ByteCount = 0x40_0000
  var errors: [Range<ByteOffset>] = []
  var md5 = MessageDigest(.md5)
  var sha1 = MessageDigest(.sha1)
  var position: ByteOffset = 0
  while position < source.range.upperBound {
    let end = min(position.advancedClamped(by: step), source.range.upperBound)
    func store(_ bytes: RawSpan) throws(SinkError) {
      md5.update(bytes)
      sha1.update(bytes)
      try writer.write(bytes)
    }
    do {
      try source.withBytes(in: position..<end, store)
    } catch  where !(error is SinkError) {
      try read(position..<end, of: source, errors: &errors).withSpan(store)
    }
    position = end
    try progress(ByteCount(position.rawValue))
  }
  let filling = writer.length.subtractingClamped(source.length)
  let zeros = [UInt8](repeating: 0, count: Int(clamping: min(filling, 511).rawValue))
  md5.update(zeros)
  sha1.update(zeros)
  try writer.finish(errors: errors, md5: md5.value(), sha1: sha1.value())
  return RangeSet(unsorted: errors)
}

/// Reads a range, halving what fails down to the sector; zeros stand for the rest.
private func read(
  _ range: Range<ByteOffset>, of source: Source, errors: inout [Range<ByteOffset>]
) -> [UInt8] {
  if let bytes = try? source.read(at: range.lowerBound, count: range.length) { return bytes }
  let size = Int(clamping: range.length.rawValue)
  guard size > 512 else {
    errors.append(range)
    return [UInt8](repeating: 0, count: size)
  }
  let half = ByteCount(clamping: (size / 2 + 511) / 512 * 512)
  let middle = range.lowerBound.advancedClamped(by: half)
  return read(range.lowerBound..<middle, of: source, errors: &errors)
    + read(middle..<range.upperBound, of: source, errors: &errors)
}
