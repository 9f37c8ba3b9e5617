// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Foundation
import Imaging
import Recovery
import Storage

/// A source that is imaged: what `image` does, and `recover --image` does first.
struct RescueJob {
  let source: String
  let image: String
  var map: String?
  var also: [String] = []
  /// The case whose log tells of it.
  var record: Case?
  /// Whether a source that is mounted read-only is read all the same.
  var isShared = false
  var settings = ImagerSettings()
  var wishes: [ReadingOrder.Wish] = []
  /// Which files the wishes mean.
  var share = ReadingOrder.Share.present
  let output: OutputOptions
  let interruption: Interruption

  /// Images the source, or goes on with it.
  func run() throws -> ImageDocument {
    let images = [image] + also
    let isSplit = settings.split != nil
    for target in images.map({ ImageFile.entry($0, isSplit: isSplit) }) + [map ?? image + ".map"] {
      try checkTarget(target, for: source)
    }
    // The drive alone may hold the source: it lets go of it when it is lost.
    let drive = SourceDrive(try open(), isShared: isShared)
    warnIfTight(drive.length)
    let screen = RescueScreen(output, source: drive, interruption: interruption)
    defer { screen.close() }
    var rescue = Rescue(drive, imagePath: image, mapPath: map)
    rescue.morePaths = also
    rescue.settings = settings
    let health = HealthRounds(
      source, isBlockDevice: drive.isBlockDevice, messages: output.messages, say: screen.say)
    let result = try Custody.keep(in: record, source: source) {
      try rescue.run(screen.observer(health)) { try domains($0, screen: screen) }
    }
    let document = ImageDocument(result, image: image, map: rescue.mapPath)
    try record?.log("imaged", document.custody, at: currentTime())
    return document
  }

  /// The ranges that the wishes ask for, found on the source itself, which is imaged on the way.
  private func domains(_ imager: Imager, screen: RescueScreen) throws -> [RangeSet<ByteOffset>] {
    guard !wishes.isEmpty else { return [] }
    imager.look()
    let order = try ReadingOrder(
      Source(RescueMedium(imager)), wishes: wishes, share: share,
      isCancelled: screen.observer().isCancelled)
    screen.close()
    for file in order.files where file.count > 0 || share == .present {
      screen.say { $0.wished(file.pattern, file.count, file.bytes) }
    }
    return order.domains
  }

  /// Opens the source; where it is in use, says by whom.
  private func open() throws -> RescueSource {
    if isShared, let holders = Holders(of: source), !holders.writing.isEmpty {
      throw holders.failure
    }
    do {
      return try RescueSource(path: source, shared: isShared)
    } catch {
      guard error.reason == .busy, let holders = Holders(of: source) else { throw error }
      throw holders.failure
    }
  }

  /// Says beforehand that the target may turn out too small; an image with holes may still fit.
  private func warnIfTight(_ length: ByteCount) {
    let images = ([image] + also).map { ImageFile.entry($0, isSplit: settings.split != nil) }
    for path in images where !FileManager.default.fileExists(atPath: path) {
      let facts = try? FileManager.default.attributesOfFileSystem(
        forPath: existingFolder(above: path))
      guard let free = (facts?[.systemFreeSize] as? NSNumber)?.uint64Value else { continue }
      if free < length.rawValue {
        talk(output.messages.tightImage(length, ByteCount(free)))
      }
    }
  }
}
