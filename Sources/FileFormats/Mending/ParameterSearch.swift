// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Looks for the parameter sets that some cameras write among the frames.
enum ParameterSearch {
  /// The sets that stand in `range`, one behind the other; nil where there are none.
  static func parameters(
    _ file: Source, _ range: Range<ByteOffset>, _ codec: VideoParameters.Codec
  ) throws -> VideoParameters? {
    var position = range.lowerBound
    while position < range.upperBound {
      let bytes = try file.readPrefix(
        at: position, count: min(0x4_0000, (position..<range.upperBound).length))
      guard bytes.count > 8 else { return nil }
      for index in 0..<(bytes.count - 6)
      where bytes[index] == 0 && bytes[index + 1] == 0 && bytes[index + 2] < 16
        && isStart(bytes[index + 4], bytes[index + 5], codec)
      {
        let found = sets(bytes, from: index, codec)
        if found.isComplete { return found }
      }
      // Sets may reach over the end of what was read.
      position = position.advancedClamped(by: ByteCount(clamping: max(1, bytes.count - 0x1000)))
      if bytes.count < 0x4_0000 { return nil }
    }
    return nil
  }

  private static func isStart(_ first: UInt8, _ second: UInt8, _ codec: VideoParameters.Codec)
    -> Bool
  {
    codec == .h264
      ? [0x67, 0x27, 0x47].contains(first) : [0x40, 0x42].contains(first) && second == 1
  }

  private static func sets(
    _ bytes: [UInt8], from start: Int, _ codec: VideoParameters.Codec
  ) -> VideoParameters {
    var parameters = VideoParameters(codec)
    var index = start
    for _ in 0..<16 {
      guard let length = try? bytes.big(UInt32.self, at: index), length >= 4, length <= 4096,
        let unit = try? bytes.copy(at: index + 4, count: Int(length)), parameters.take(unit)
      else { break }
      index += 4 + Int(length)
    }
    return parameters
  }
}
