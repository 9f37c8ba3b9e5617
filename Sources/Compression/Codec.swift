// SPDX-License-Identifier: Apache-2.0

/// A library's decoder: fed in pieces, it fills a buffer.
protocol Codec: ~Copyable {
  /// Takes what it can of `input` and fills what it can of `output`; keeps neither pointer.
  mutating func step(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> CodecStep
}

/// What one step of a decoder did.
struct CodecStep {
  enum Status {
    case goesOn, ended, corrupt, notHandled
  }

  /// Bytes of the input that were used.
  let taken: Int
  /// Bytes of the output that were filled.
  let made: Int
  let status: Status
}
