// SPDX-License-Identifier: Apache-2.0

import Bytes

/// The file system's own addresses, on one device.
struct AddressSpace: Sendable {
  /// The device, from its start.
  let source: Source
  var chunks: ChunkMap

  /// Where one copy of a range of addresses is, on the medium; lost where that is another device, or
  /// behind the end of this one.
  func extents(of range: Range<ByteOffset>, copy: Int) -> [Extent] {
    chunks.places(of: range, copy: copy).flatMap { part -> [Extent] in
      guard let place = part.place else { return [Extent(.lost, count: part.count)] }
      let there = place.clamped(to: source.range)
      let found = (try? source.onMedium(there)) ?? []
      let missing = part.count.subtractingClamped(found.length)
      return missing > 0 ? found + [Extent(.lost, count: missing)] : found
    }.coalesced
  }

  /// The bytes of one copy of a range of addresses, at most `Source.longestRead`.
  func read(_ range: Range<ByteOffset>, copy: Int) throws -> [UInt8] {
    try source.joined(extents(of: range, copy: copy)).read(at: 0, count: range.length)
  }

  /// The places on this device of all that a chunk holds, in all copies.
  func places(of chunk: Chunk) -> [Range<ByteOffset>] {
    let columns =
      chunk.kind.isDisjoint(with: [.raid0, .raid10])
      ? 1 : chunk.stripes.count / chunk.copiesOfStripe
    let length = ByteCount(chunk.range.length.rawValue / UInt64(clamping: max(1, columns)))
    return chunk.stripes.compactMap { stripe in
      guard stripe.device == chunks.device,
        let range = try? Range(at: stripe.place, count: length)
      else { return nil }
      let there = range.clamped(to: source.range)
      return there.isEmpty ? nil : there
    }
  }
}
