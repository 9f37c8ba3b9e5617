// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage

/// Opens a block device, an image, or the first file of a split or E01 image, for reading alone.
///
/// - Parameter mapfile: a GNU ddrescue mapfile; without it, one that lies beside an image is used
///   (`IMAGE.map`, `IMAGE.mapfile`, or an `IMAGE.log` that is one).
package func openMedium(at path: String, mapfile: String? = nil) throws(SourceError) -> any Medium {
  let (medium, isBlockDevice) = try openWhole(path)
  var found: (map: Mapfile, path: String)?
  if let mapfile {
    found = (try readMapfile(mapfile), mapfile)
  } else if !isBlockDevice {
    found = try foundMapfile(path)
  }
  guard let found else { return medium }
  return applied(found.map, journal: Journal.marks(beside: found.path), to: medium)
}

/// The same with a map that is at hand; one that lies beside the image is not asked.
package func openMedium(at path: String, map: Mapfile) throws(SourceError) -> any Medium {
  applied(map, to: try openWhole(path).medium)
}

private func openWhole(
  _ path: String
) throws(SourceError) -> (medium: any Medium, isBlockDevice: Bool) {
  let first = try FileMedium(path: path)
  if !first.isBlockDevice, EWFMedium.isOne(first) { return (try openEWF(path), false) }
  if !first.isBlockDevice, let names = PartNames(firstPart: path) {
    let rest = try parts(names)
    if !rest.isEmpty { return (try SplitMedium([first] + rest, name: path), false) }
  }
  return (first, first.isBlockDevice)
}

/// - Parameter journal: what happened since the map was written: a job under way, or one that was
///   killed.
private func applied(
  _ map: Mapfile, journal: [Mapfile.Block] = [], to medium: any Medium
) -> any Medium {
  var unread = map.unread(of: medium.length)
  let whole = 0..<ByteOffset(medium.length)
  for mark in journal where !mark.range.clamped(to: whole).isEmpty {
    let range = RangeSet(mark.range.clamped(to: whole))
    if mark.status == .finished { unread.subtract(range) } else { unread.formUnion(range) }
  }
  return unread.isEmpty ? medium : DefectiveMedium(medium, defects: unread)
}

/// An E01 image; what its maker could not read is damage, whatever fills it.
private func openEWF(_ path: String) throws(SourceError) -> any Medium {
  let image = try EWFMedium(path: path)
  let errors = image.acquisitionErrors
  return errors.isEmpty ? image : DefectiveMedium(image, defects: errors)
}

/// The second part and all that follow without a gap.
private func parts(_ names: PartNames) throws(SourceError) -> [FileMedium] {
  var media: [FileMedium] = []
  while let path = names.path(media.count + 1) {
    do {
      media.append(try FileMedium(path: path))
    } catch  where error.reason == .missing {
      break
    }
  }
  return media
}

/// The mapfile beside an image, if there is one.
private func foundMapfile(
  _ image: String
) throws(SourceError) -> (map: Mapfile, path: String)? {
  // That of a split image goes by the name that all parts share.
  let names = [image] + (PartNames(firstPart: image).map { [String($0.stem.dropLast())] } ?? [])
  for path in names.flatMap({ [$0 + ".map", $0 + ".mapfile"] }) {
    do {
      return (try readMapfile(path), path)
    } catch  where error.reason == .missing {
      continue
    }
  }
  // Many programs write a log; only ddrescue's is a mapfile.
  return (try? readMapfile(image + ".log")).map { ($0, image + ".log") }
}

/// A mapfile larger than this was not written by any tool: 1 GiB.
private let longestMapfile: ByteCount = 0x4000_0000

/// Reads a GNU ddrescue mapfile.
package func readMapfile(_ path: String) throws(SourceError) -> Mapfile {
  var text: [UInt8] = []
  do {
    let file = try FileMedium(path: path)
    guard !file.isBlockDevice, file.length <= longestMapfile else {
      throw SourceError(path, .badMapfile("it is too long to be one"))
    }
    let source = Source(file)
    var position: ByteOffset = 0
    while position < source.range.upperBound {
      let piece = try source.readPrefix(at: position, count: 0x10_0000)
      text += piece
      position = position.advancedClamped(by: ByteCount(clamping: piece.count))
    }
    return try Mapfile(parsing: text)
  } catch let error as SourceError {
    switch error.reason {
    case .empty: throw SourceError(path, .badMapfile("it is empty"))
    case .notASource(let kind): throw SourceError(path, .badMapfile("it is \(kind)"))
    default: throw error
    }
  } catch let error as Malformed {
    throw SourceError(path, .badMapfile(error.problem))
  } catch {
    throw SourceError(path, .badMapfile("it cannot be read"))
  }
}
