// SPDX-License-Identifier: Apache-2.0

/// In what order frames are shown, which need not be that in which they stand.
///
/// - Source: ITU-T H.264 (08/2021), §8.2.1 "Decoding process for picture order count"; H.265, §8.3.1.
enum PictureOrder {
  /// For each frame, how many frames later than decoded it is shown, counted so that none is negative; nil
  /// where all are shown as they stand.
  static func delays(of samples: [VideoSample]) -> [Int]? {
    var ranks = [Int](repeating: 0, count: samples.count)
    var start = 0
    while start < samples.count {
      var end = start + 1
      while end < samples.count, !samples[end].slice.resetsOrder { end += 1 }
      let counts = self.counts(of: samples[start..<end])
      let shown = counts.indices.sorted { (counts[$0], $0) < (counts[$1], $1) }
      for (rank, index) in shown.enumerated() { ranks[start + index] = start + rank }
      start = end
    }
    let delays = ranks.enumerated().map { $1 - $0 }
    guard let least = delays.min(), delays.contains(where: { $0 != 0 }) else { return nil }
    return delays.map { $0 - least }
  }

  /// The whole count of each frame of a sequence, of which slices have the low bits.
  private static func counts(of samples: ArraySlice<VideoSample>) -> [Int] {
    var high = 0
    var last = 0
    return samples.enumerated().map { index, sample in
      let slice = sample.slice
      guard slice.orderBits > 0, slice.orderBits < 32 else { return index }
      let modulus = 1 << Int(slice.orderBits)
      let low = Int(slice.order)
      if index > 0 {
        if low < last, last - low >= modulus / 2 {
          high += modulus
        } else if low > last, low - last > modulus / 2 {
          high -= modulus
        }
      }
      let count = high + low
      if slice.isReference || index == 0 {
        last = low
        return count
      }
      // What nobody refers to leaves the count as it was.
      defer { high = base(high, low, last, modulus) }
      return count
    }
  }

  /// The high part as it stood before a frame that does not count.
  private static func base(_ high: Int, _ low: Int, _ last: Int, _ modulus: Int) -> Int {
    if low < last, last - low >= modulus / 2 { return high - modulus }
    if low > last, low - last > modulus / 2 { return high + modulus }
    return high
  }
}
