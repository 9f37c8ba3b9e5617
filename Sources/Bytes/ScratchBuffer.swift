// SPDX-License-Identifier: Apache-2.0

/// Memory for one read, freed with its owner.
@safe package struct ScratchBuffer: ~Copyable {
  package let bytes: UnsafeMutableRawBufferPointer

  package init(count: Int) {
    unsafe bytes = .allocate(byteCount: count, alignment: 4096)
  }

  deinit {
    // SAFETY: allocated in `init`, and nobody keeps the pointer longer than its owner.
    unsafe bytes.deallocate()
  }
}
