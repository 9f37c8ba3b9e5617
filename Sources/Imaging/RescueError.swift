// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Why an image cannot be made, or goes no further.
package struct RescueError: Explained, Equatable {
  package enum Reason: Sendable, Equatable {
    /// The source does not answer any more.
    case sourceGone
    /// What is connected now is not what the image was begun from.
    case anotherDisk
    /// Its health gets worse while it is read.
    case worse
    /// An image without its mapfile stands where one is to be made.
    case noMap
    /// The mapfile's image is not there.
    case noImage
    /// The image differs from what was read, after it was written.
    case imageDiffers
  }

  package let place: String
  package let reason: Reason

  package init(_ place: String, _ reason: Reason) {
    self.place = place
    self.reason = reason
  }

  package var what: String {
    switch reason {
    case .sourceGone: "the source does not answer any more; all that was read is saved"
    case .anotherDisk: "this is not the disk that the image was begun from"
    case .worse: "the disk's health got worse while it was read; all that was read is saved"
    case .noMap: "an image stands there, but no mapfile tells what of it was read"
    case .noImage: "there is a mapfile, but the image that it belongs to is not there"
    case .imageDiffers: "the image does not hold what was read: its target is not to be trusted"
    }
  }

  package var advice: String {
    switch reason {
    case .sourceGone:
      "let it cool down, check its cable and power, then run the same command again: it goes on"
    case .anotherDisk: "connect the first one again, or name another image for this one"
    case .worse:
      "ask a laboratory if the data matter; the same command goes on, at the disk's risk"
    case .noMap: "name another image, or the mapfile with --map"
    case .noImage: "put the image back, or move the mapfile away to begin again"
    case .imageDiffers: "check the target disk, and make the image again on another one"
    }
  }
}
