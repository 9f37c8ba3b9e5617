// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension BtrfsVolume {
  /// Looks for volumes that no table lists, by their superblocks, and for what a Btrfs that was made
  /// anew left of the one before it, by its nodes.
  ///
  /// - Parameters:
  ///   - source: the whole of what is searched.
  ///   - landmarks: what a pass met there, sorted by offset (in bytes of the medium); none before a
  ///     pass, when but a few likely places are read.
  ///   - present: the volumes in force.
  package static func lost(
    in source: Source, landmarks: [Landmark], present: [PresentVolume]
  ) -> [LostVolume] {
    var search = LostVolumes(in: source, beside: present)
    if landmarks.isEmpty {
      search.lookAtLikelyPlaces()
    } else {
      search.follow(landmarks)
      search.lookBelowPresent()
    }
    return search.found
  }
}
