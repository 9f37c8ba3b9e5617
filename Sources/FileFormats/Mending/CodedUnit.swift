// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A unit of H.264 or H.265 as it stands in media data, behind its length.
struct CodedUnit {
  enum Kind {
    /// A picture, or a part of one.
    case slice(VideoSlice)
    /// What stands before a picture: parameters, messages, a delimiter.
    case leading
    /// What stands behind one.
    case trailing
  }

  let kind: Kind
  /// The length included.
  let range: Range<ByteOffset>

  var slice: VideoSlice? { if case .slice(let slice) = kind { slice } else { nil } }
}

/// What the head of a slice says of its picture.
struct VideoSlice {
  enum Field { case none, top, bottom }

  /// Whether the picture begins with it.
  var isFirst = false
  /// Whether a player can begin with it.
  var isSync = false
  /// Whether pictures are counted anew from here.
  var resetsOrder = false
  /// Whether others are predicted from it.
  var isReference = false
  /// Where it is shown: the low bits of a count; none where that is the order in which they stand.
  var order: UInt32 = 0
  var orderBits: UInt32 = 0
  /// The number of the frame, in H.264; its low bits.
  var frame: UInt32 = 0
  var frameBits: UInt32 = 0
  var field = Field.none

  /// Whether it may be the picture that follows `last`, by their numbers.
  func follows(_ last: VideoSlice) -> Bool {
    if resetsOrder { return frame == 0 }
    if frameBits > 0 {
      let step = (frame &- last.frame) & (UInt32(1) << frameBits - 1)
      return step <= 1
    }
    guard orderBits > 0, orderBits < 32 else { return true }
    let modulus = UInt32(1) << orderBits
    let step = (order &- last.order) & (modulus - 1)
    return min(step, modulus - step) <= max(16, modulus / 8)
  }

  /// Whether it is the other field of the same frame.
  func completes(_ last: VideoSlice) -> Bool {
    field != .none && last.field != .none && field != last.field && frame == last.frame
      && (!resetsOrder || last.resetsOrder)
  }
}
