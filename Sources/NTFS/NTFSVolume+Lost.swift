// SPDX-License-Identifier: Apache-2.0

import Bytes
import Volumes

extension NTFSVolume {
  /// Looks for volumes that no table lists, and for what a format left of the one before it.
  ///
  /// - Parameters:
  ///   - source: the whole of what is searched.
  ///   - landmarks: what a pass met there, sorted by offset (in bytes of the medium); none before a
  ///     pass, when but a few likely places are read.
  ///   - present: the volumes in force.
  package static func lost(
    in source: Source, landmarks: [Landmark], present: [PresentVolume]
  ) -> [LostVolume] {
    var search = LostVolumes(in: source, landmarks: landmarks, present: present)
    if landmarks.isEmpty {
      search.lookAtLikelyPlaces()
    } else {
      search.followLandmarks()
    }
    return search.found
  }
}
