// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A frame of a video: the units of one picture.
struct VideoSample {
  var range: Range<ByteOffset>
  /// The head of its first slice.
  var slice: VideoSlice
}
