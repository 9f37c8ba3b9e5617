// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Checksums
import Imaging
import Recovery

/// How `image` reads, and what it makes of it.
struct RescueOptions: ParsableArguments {
  @Option(
    help: """
      What to read first, in the order given: metadata (what the file systems are made of), used \
      (all allocated space), wishlist (of the case that --case names), or files by pattern \
      ('photos/**', '*.docx').
      """)
  var first: [String] = []

  @Option(help: "How many times at most a bad sector is tried again.")
  var retries: Int?

  @Flag(help: "Copy what is easy, and leave all damage for another run.")
  var easyOnly = false

  @Option(help: "Digests of the image: sha256, sha512, sha1, md5, blake2b, with commas, or none.")
  var hash = "sha256"

  @Option(
    help: """
      What stands where nothing could be read: zeros, marker (each sector says so, with its \
      number), pattern:HEX, or nothing (what is in the target already).
      """)
  var fill = "zeros"

  @Flag(inversion: .prefixedNo, help: "Leave holes in a new image where zeros would be written.")
  var sparse = true

  @Option(
    help: """
      Cut the image into parts of this length: IMAGE.001, IMAGE.002 … (4095M for a target with \
      FAT32). Give the same length to go on.
      """)
  var split: SizeArgument?

  @Flag(help: "Read the image again at the end, and compare its digest.")
  var verify = false

  @Option(help: "For how many seconds a source that went away is waited for.")
  var wait = 60.0

  @Flag(help: "Go on although the source is mounted, if all its mounts are read-only.")
  var shared = false

  func validate() throws {
    if let retries, !(0...1000).contains(retries) {
      throw ValidationError("--retries takes a number from 0 to 1000.")
    }
    guard wait >= 0, wait <= 10_000_000 else {
      throw ValidationError("--wait takes a number of seconds.")
    }
    if let split, split.count < 0x10_0000 || split.count.rawValue % 4096 != 0 {
      throw ValidationError("--split takes a length of 1M at least, a multiple of 4k.")
    }
    _ = try settings()
  }

  func settings() throws -> ImagerSettings {
    var settings = ImagerSettings()
    settings.retries = retries
    settings.copiesOnly = easyOnly
    settings.isSparse = sparse
    settings.verifies = verify
    settings.patience = wait
    settings.split = split?.count
    settings.fill = try parsedFill()
    settings.digests = try parsedDigests()
    if verify, settings.digests.isEmpty {
      throw ValidationError("--verify compares digests: name one with --hash.")
    }
    return settings
  }

  private func parsedDigests() throws -> [MessageDigest.Kind] {
    if hash == "none" { return [] }
    return try hash.split(separator: ",").map { name in
      guard let kind = MessageDigest.Kind.allCases.first(where: { "\($0)" == name }) else {
        throw ValidationError(
          "--hash \(name) is not known: sha256, sha512, sha1, md5, blake2b, none.")
      }
      return kind
    }
  }

  private func parsedFill() throws -> ImagerSettings.Fill {
    switch fill {
    case "zeros": return .zeros
    case "marker": return .marker
    case "nothing": return .nothing
    default:
      let text = fill.hasPrefix("pattern:") ? fill.dropFirst(8) : ""
      let isHexadecimal = text.utf8.count % 2 == 0 && (2...1024).contains(text.utf8.count)
      guard isHexadecimal, let bytes = [UInt8](hexadecimal: text.utf8) else {
        throw ValidationError("--fill takes zeros, marker, nothing, or pattern: and hex digits.")
      }
      return .pattern(bytes)
    }
  }

  /// What `--first` asks for.
  ///
  /// - Parameter wished: the wish list.
  func wishes(_ wished: [ReadingOrder.Wish]) -> [ReadingOrder.Wish] {
    first.flatMap { argument -> [ReadingOrder.Wish] in
      let words = argument.split(separator: ",").map(String.init)
      // A pattern may hold commas; words alone are a list.
      guard words.allSatisfy({ ["metadata", "used", "wishlist"].contains($0) }) else {
        return [.files(argument)]
      }
      return words.flatMap { word -> [ReadingOrder.Wish] in
        word == "wishlist" ? wished : [word == "used" ? .used : .metadata]
      }
    }
  }

  /// Whether `--first` asks for the wish list.
  var followsWishes: Bool {
    first.contains { $0.split(separator: ",").contains("wishlist") }
  }
}
