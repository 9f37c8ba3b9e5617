// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Glibc

/// A libFuzzer target over the formats of one family, named by FUZZ_FAMILY (a category; all without).
///
/// The first byte of an input chooses the format, the rest is the file. What must not happen: a trap, a
/// hang, memory without bound, an error that is no `ReadError`, an end beyond the bytes.
enum Target {
  static let formats: [FileFormat] = {
    let family = getenv("FUZZ_FAMILY").map { String(cString: $0) }
    return FileFormat.all.filter { family == nil || $0.category.rawValue == family }
  }()

  static func run(_ input: [UInt8]) {
    guard let first = input.first, !formats.isEmpty else { return }
    let format = formats[Int(first) % formats.count]
    let bytes = Array(input.dropFirst())
    _ = bytes.withSpan { format.resembles($0) }
    do {
      let result = try format.examine(Source(bytes: bytes))
      precondition(
        result.length.rawValue <= UInt64(bytes.count), "\(format.id) ends beyond the bytes")
    } catch {
      preconditionFailure("\(format.id) throws \(error)")
    }
  }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = [UInt8](UnsafeBufferPointer(start: start, count: count))
  if DecoderTarget.isChosen {
    DecoderTarget.run(input)
  } else if getenv("FUZZ_IMAGE") != nil {
    VolumeTarget.run(input)
  } else {
    Target.run(input)
  }
  return 0
}
