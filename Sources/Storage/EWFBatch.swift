// SPDX-License-Identifier: Apache-2.0

import Bytes
import Dispatch
import Glibc
import Synchronization

/// Chunks on their way into an E01 image: filled by one thread, packed by all, written by one; each
/// has it alone in its turn.
// SAFETY: handed from one to the next, never held by two.
final class EWFBatch: @unchecked Sendable {
  static let chunks = 128
  static let chunk = 32_768
  /// Room for a chunk that does not shrink, and its Adler-32.
  private static let slot = chunk + 4
  /// A whole chunk of zeros, packed once for all.
  private static let packedZeros =
    Deflater(level: 9).pack([UInt8](repeating: 0, count: chunk)) ?? []

  private let input = ScratchBuffer(count: chunks * chunk)
  private let output = ScratchBuffer(count: chunks * slot)
  private(set) var filled = 0
  /// Of each chunk the bytes to be stored; the top bit where they are packed.
  private let stored = ScratchBuffer(count: chunks * 4)

  var isFull: Bool { filled == Self.chunks * Self.chunk }
  var count: Int { (filled + Self.chunk - 1) / Self.chunk }

  /// Takes as many bytes as there is room for, and returns how many.
  func fill(_ bytes: UnsafeRawBufferPointer) -> Int {
    let taken = min(bytes.count, Self.chunks * Self.chunk - filled)
    // SAFETY: taken is at most the room that is left.
    unsafe UnsafeMutableRawBufferPointer(rebasing: input.bytes[filled..<(filled + taken)])
      .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<taken]))
    filled += taken
    return taken
  }

  func clear() { filled = 0 }

  /// Packs all chunks; one packer for each worker, none to store them as they are.
  func pack(_ packers: [Deflater], workers: Int) {
    let next = Atomic(0)
    let count = self.count
    DispatchQueue.concurrentPerform(iterations: min(workers, max(1, count))) { worker in
      while case let index = next.add(1, ordering: .relaxed).oldValue, index < count {
        pack(index, packers.isEmpty ? nil : packers[worker])
      }
    }
  }

  private func pack(_ index: Int, _ packer: Deflater?) {
    let start = index * Self.chunk
    let size = min(Self.chunk, filled - start)
    let from = index * Self.slot
    // SAFETY: each index has a place of its own in both buffers and in the list.
    let plain = unsafe UnsafeRawBufferPointer(rebasing: input.bytes[start..<(start + size)])
    let target = unsafe UnsafeMutableRawBufferPointer(
      rebasing: output.bytes[from..<(from + size + 4)])
    if packer != nil, size == Self.chunk, !Self.packedZeros.isEmpty, unsafe plain.isZeros {
      unsafe target.copyBytes(from: Self.packedZeros)
      return note(index, Self.packedZeros.count, isPacked: true)
    }
    // Photos, films and archives are packed already: trying it once more costs most of all time.
    if let packer, !(unsafe plain.isSpreadEvenly),
      let packed = unsafe packer.pack(
        plain, into: UnsafeMutableRawBufferPointer(rebasing: target[..<size]))
    {
      return note(index, packed, isPacked: true)
    }
    unsafe target.copyMemory(from: plain)
    let sum = unsafe adler32(plain).littleEndian
    unsafe target.storeBytes(of: sum, toByteOffset: size, as: UInt32.self)
    note(index, size + 4, isPacked: false)
  }

  private func note(_ index: Int, _ count: Int, isPacked: Bool) {
    // SAFETY: no two workers have the same index.
    let mark = UInt32(clamping: count) | (isPacked ? 0x8000_0000 : 0)
    unsafe stored.bytes.storeBytes(of: mark, toByteOffset: index * 4, as: UInt32.self)
  }

  /// Hands the chunks out in order, as they are to be stored.
  func each<E: Error>(
    _ body: (UnsafeRawBufferPointer, _ isPacked: Bool) throws(E) -> Void
  ) throws(E) {
    for index in 0..<count {
      let from = index * Self.slot
      let mark = unsafe stored.bytes.load(fromByteOffset: index * 4, as: UInt32.self)
      let end = from + Int(mark & 0x7FFF_FFFF)
      // SAFETY: what was stored lies in the chunk's own slot.
      try unsafe body(
        UnsafeRawBufferPointer(rebasing: output.bytes[from..<end]), mark & 0x8000_0000 != 0)
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes look as if they could not be packed: samples all over them hold all values
  /// about as often as chance would have it.
  fileprivate var isSpreadEvenly: Bool {
    let (piece, pieces) = (512, 8)
    guard count >= piece * pieces else { return false }
    var counts = InlineArray<256, UInt16>(repeating: 0)
    for index in 0..<pieces {
      let start = index * (count - piece) / (pieces - 1)
      // SAFETY: the last piece ends where the buffer does.
      for place in start..<(start + piece) { counts[Int(unsafe self[place])] += 1 }
    }
    var squares = 0
    for value in counts.indices { squares += Int(counts[value]) * Int(counts[value]) }
    // By chance: the number of samples, and its square over 256.
    let samples = piece * pieces
    return squares <= (samples + samples * samples / 256) * 11 / 10
  }

  /// Whether all bytes are zero: the first is, and each is like the one before.
  fileprivate var isZeros: Bool {
    guard let start = baseAddress, count > 0, unsafe self[0] == 0 else { return count == 0 }
    // SAFETY: both ranges lie within the buffer.
    return unsafe memcmp(start, start + 1, count - 1) == 0
  }
}
