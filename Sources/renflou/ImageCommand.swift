// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Foundation
import Imaging
import Recovery
import Storage

struct ImageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "image",
    abstract: "Copy a disk that may be failing, in passes, and keep a map of what was read.",
    discussion: """
      The easy parts are read first, damage is left for later, and IMAGE.map (a GNU ddrescue \
      mapfile) tells what of the image is true. A job that was stopped, by whatever, goes on when \
      the same command is run again; ddrescue can go on with it too. Examples:

        renflou image /dev/sdb disk.img
        renflou image /dev/sdb disk.img --first metadata --first 'photos/**' --first used
      """)

  @Argument(help: "A block device or an image file.")
  var source: String

  @Argument(help: "The raw image to make, or to go on with.")
  var image: String

  @Option(help: "Another image of the same source, on another target; may be repeated.")
  var also: [String] = []

  @Option(help: "The mapfile. Default: IMAGE.map.")
  var map: String?

  @Option(help: "Write an E01 image of it, too, once it is made (NAME.E01, NAME.E02 …).")
  var e01: String?

  @Option(name: .customLong("case"), help: "The case that the image is for: log, time, wish list.")
  var caseFolder: String?

  @OptionGroup var reading: RescueOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if reading.followsWishes, caseFolder == nil {
      throw ValidationError("--first wishlist follows a case's wish list: name it with --case.")
    }
    if image.lowercased().hasSuffix(".e01") {
      throw ValidationError("IMAGE is raw, so that damage can be filled in later: --e01 \(image).")
    }
  }

  func run() throws {
    try reporting(output) {
      let record = try caseFolder.map { try Case.open(at: $0) }
      let wished = try record?.wishes().map { ReadingOrder.Wish.wished($0.words, $0.queries) } ?? []
      if reading.followsWishes, wished.isEmpty { throw Failure.noWishes(caseFolder ?? "--case") }
      if let e01 { try checkTarget(e01, for: source) }
      let interruption = Interruption()
      var job = RescueJob(
        source: source, image: image, map: map, also: also, output: output,
        interruption: interruption)
      job.record = record
      job.isShared = reading.shared
      job.settings = try reading.settings()
      job.wishes = reading.wishes(wished)
      let document = try job.run()
      if let e01 { try writeE01(e01, map: document.map, interruption) }
      let out = Output()
      for path in [image, document.map, document.map + ".journal", document.map + ".log"] + also
      where FileManager.default.fileExists(atPath: path) {
        let whole = URL(fileURLWithPath: path).standardizedFileURL.path
        try record?.log(ErasurePlan.imageEvent, whole, at: currentTime())
      }
      if output.json {
        try out.writeJSON(document)
      } else {
        try out.write(output.messages.imaged(document))
      }
      try out.flush()
      return document.unread > 0 ? .losses : .done
    }
  }

  /// Writes the image again as E01, with what could not be read in its list of errors.
  private func writeE01(_ path: String, map: String, _ interruption: Interruption) throws {
    let entry = ImageFile.entry(image, isSplit: reading.split != nil)
    let medium = try openMedium(at: entry, mapfile: map)
    let writer = try EWFWriter(
      path: path, length: medium.length,
      settings: EWFSettings(
        date: Int64(Date().timeIntervalSince1970),
        workers: ProcessInfo.processInfo.activeProcessorCount))
    try convert(Source(medium), to: writer) { _ in
      if interruption.isAsked { throw Interrupted() }
    }
  }
}
