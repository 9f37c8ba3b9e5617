// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Foundation
import Partitions
import Storage

/// Where a job reads from.
struct SourceOptions: ParsableArguments {
  @Option(help: "Look at this partition alone (its number in `probe`).")
  var partition: Int?

  @Option(help: "A GNU ddrescue mapfile; IMAGE.map is found by itself.")
  var map: String?

  /// Opens what `argument` names: a device, an image, or a part of one (`SOURCE@OFFSET`).
  ///
  /// - Parameter image: what is read instead: an image of it.
  func open(_ argument: String, image: String? = nil) throws -> OpenedSource {
    let (named, offset) = Self.split(argument)
    let path = image ?? named
    var isFolder: ObjCBool = false
    if unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      isFolder.boolValue
    {
      throw Failure(
        status: .noSource,
        what: (
          "this folder is no case, and a folder is no source",
          "ce dossier n'est pas une affaire, et un dossier n'est pas une source"
        ), place: path,
        advice: (
          "name a disk, an image file, or the folder that holds case.sqlite",
          "nommez un disque, un fichier image, ou le dossier qui contient case.sqlite"
        ))
    }
    let medium = try openMedium(at: path, mapfile: map)
    let whole = Source(medium)
    if let offset {
      guard offset < whole.range.upperBound else {
        throw Failure(
          status: .noSource,
          what: (
            "the source ends before offset \(offset.rawValue)",
            "la source finit avant la position \(offset.rawValue)"
          ),
          place: path,
          advice: (
            "it holds \(whole.length.rawValue) bytes",
            "elle contient \(whole.length.rawValue) octets"
          ))
      }
      let part = offset..<whole.range.upperBound
      return OpenedSource(path: path, source: try whole.slice(part), part: part)
    }
    guard let partition else { return OpenedSource(path: path, source: whole, part: nil) }
    let table = PartitionTable.read(whole)
    guard let entry = table?.partitions.first(where: { $0.number == partition }) else {
      throw Failure(
        status: .noSource,
        what: ("there is no partition \(partition)", "il n'y a pas de partition \(partition)"),
        place: path,
        advice: (
          "see the partitions with: renflou probe \(path)",
          "voyez les partitions : renflou probe \(path)"
        ))
    }
    return OpenedSource(path: path, source: try whole.slice(entry.range), part: entry.range)
  }

  /// `PATH@OFFSET`, unless a file of that very name is there.
  static func split(_ argument: String) -> (path: String, offset: ByteOffset?) {
    guard !FileManager.default.fileExists(atPath: argument),
      let at = argument.lastIndex(of: "@"),
      let offset = SizeArgument(argument: String(argument[argument.index(after: at)...]))
    else { return (argument, nil) }
    return (String(argument[..<at]), ByteOffset(offset.count.rawValue))
  }
}

/// An opened source, and the part of its medium that it is.
struct OpenedSource {
  let path: String
  let source: Source
  let part: Range<ByteOffset>?
}
