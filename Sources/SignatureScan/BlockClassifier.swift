// SPDX-License-Identifier: Apache-2.0

import Bytes
import CSignatureScan

/// Tells what the blocks of a span look like, from 64 bytes of each.
package enum BlockClassifier {
  /// The classes of all blocks in `bytes`, which starts with one.
  package static func runs(in bytes: RawSpan) -> [ClassRun] {
    let block = Int(clamping: BlockClass.blockSize.rawValue)
    let count = (bytes.byteCount + block - 1) / block
    guard count > 0 else { return [] }
    var classes = [UInt8](repeating: 0, count: count)
    // SAFETY: the loop reads within the span, and writes one byte for each of its blocks.
    unsafe classes.withUnsafeMutableBufferPointer { out in
      unsafe bytes.withUnsafeBytes { buffer in
        guard let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self),
          let base = out.baseAddress
        else { return }
        unsafe css_classify(start, buffer.count, block, base)
      }
    }
    var runs: [ClassRun] = []
    for (index, raw) in classes.enumerated() {
      let kind = BlockClass(rawValue: raw) ?? .other
      let length = ByteCount(clamping: min(block, bytes.byteCount - index * block))
      if let last = runs.last, last.kind == kind {
        runs[runs.count - 1].length = last.length.addingClamped(length)
      } else {
        runs.append(ClassRun(kind, length: length))
      }
    }
    return runs
  }
}
