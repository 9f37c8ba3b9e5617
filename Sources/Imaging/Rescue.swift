// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Storage

/// One job: a source, its image, and the documents beside it; run again, it goes on.
package struct Rescue {
  package let drive: any Drive
  package let imagePath: String
  package let mapPath: String
  package var morePaths: [String] = []
  package var settings = ImagerSettings()

  /// What came of it.
  package struct Result: Sendable {
    package let map: RescueMap
    package let failedReads: Int
    package let digests: [(kind: MessageDigest.Kind, digest: [UInt8])]
    /// Whether everything was tried that was asked for.
    package let isFinished: Bool
  }

  package init(_ drive: any Drive, imagePath: String, mapPath: String? = nil) {
    self.drive = drive
    self.imagePath = imagePath
    self.mapPath = mapPath ?? imagePath + ".map"
  }

  /// Whether an image is there, and its map says that nothing of the source is left to try.
  package static func isDone(_ image: String, mapPath: String? = nil) -> Bool {
    guard fileExists(image), let map = try? readMapfile(mapPath ?? image + ".map") else {
      return false
    }
    return map.blocks.allSatisfy { [.finished, .bad].contains($0.status) }
  }

  /// Makes the image, or goes on with it.
  ///
  /// Throws `RescueError`, `SinkError`, `SourceError`, or `Interrupted`; what was read is saved.
  ///
  /// - Parameter prepare: asked once, with the imager at hand, which ranges come first.
  package func run(
    _ observer: RescueObserver,
    first prepare: (Imager) throws -> [RangeSet<ByteOffset>] = { _ in [] }
  ) throws -> Result {
    let known = try RescueRecord.map(at: mapPath, length: drive.length)
    let isThere = fileExists(ImageFile.entry(imagePath, isSplit: settings.split != nil))
    if isThere, known == nil { throw RescueError(imagePath, .noMap) }
    if !isThere, let known, known.count(.finished) > 0 { throw RescueError(imagePath, .noImage) }
    let record = try RescueRecord(mapPath: mapPath)
    var images: [ImageFile] = []
    do {
      // Before the image, so that none ever stands there without a map.
      if known == nil {
        try record.write(RescueMap(length: drive.length), phase: .copying, comment: drive.name)
      }
      for path in [imagePath] + morePaths {
        images.append(
          try ImageFile(
            path: path, length: drive.length, split: settings.split, resuming: isThere))
      }
    } catch {
      if known == nil { record.remove() }
      throw error
    }
    let imager = try Imager(
      drive, images: images, record: record, map: known ?? RescueMap(length: drive.length),
      settings: settings, observer: observer)
    defer { imager.close() }
    try imager.log(.began(drive.identity, resumed: isThere))
    try imager.checkUp()
    guard try imager.connect() else { throw RescueError(drive.name, .sourceGone) }
    do {
      let domains = try prepare(imager)
      if !domains.isEmpty { imager.prefer(domains) }
      try imager.read()
      try imager.fill()
      let digests = try imager.finishDigests()
      try imager.verify(digests)
      let map = imager.policy.map
      let left = map.count(.nonTried).addingClamped(map.count(.nonTrimmed))
        .addingClamped(map.count(.nonScraped))
      try imager.log(
        .ended(
          finished: map.count(.finished), bad: map.count(.bad), unread: left,
          failedReads: imager.failedReads))
      return Result(
        map: map, failedReads: imager.failedReads, digests: digests, isFinished: left == 0)
    } catch {
      try? imager.log(error is Interrupted ? .interrupted : .stopped("\(error)"))
      throw error
    }
  }
}
