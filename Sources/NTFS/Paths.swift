// SPDX-License-Identifier: Apache-2.0

import Findings

/// The folders above a file. One whose record was given to another file lends no name.
struct Paths {
  struct Path {
    var components: [RawName]
    /// What speaks against the path, or how it came about.
    var evidence: Set<Evidence>
  }

  /// A path of more folders than this is a loop.
  private static let deepest = 256
  /// So many paths are remembered at a time.
  private static let mostKnown = 0x4000

  let catalogue: Catalogue
  let leftovers: LeftoverNames
  private var known: [FileReference: Path] = [:]

  init(_ catalogue: Catalogue, _ leftovers: LeftoverNames) {
    self.catalogue = catalogue
    self.leftovers = leftovers
  }

  /// The path of a name: where it was before the recycle bin, or its folders and itself.
  mutating func path(of name: RawName, in parent: FileReference) -> (folder: Path, name: RawName) {
    if let original = catalogue.recycled.original(of: name, in: parent), let last = original.last {
      return (Path(components: original.dropLast(), evidence: [.nameFromRecycleBin]), last)
    }
    return (folder(parent), name)
  }

  /// The folders from the root down to `reference`.
  mutating func folder(_ reference: FileReference) -> Path {
    var chain: [(FileReference, RawName)] = []
    var evidence: Set<Evidence> = []
    var top: [RawName] = []
    var at = reference
    while at.number != FileReference.rootNumber {
      if let path = known[at], path.components.count + chain.count < Self.deepest {
        top = path.components
        evidence.formUnion(path.evidence)
        break
      }
      let next: (parent: FileReference, name: RawName)
      if let folder = catalogue.folder(at) {
        next = (folder.parent, folder.name)
      } else if let name = leftovers.names[at], name.isFolder {
        next = (name.parent, name.name)
        evidence.insert(leftovers.evidence(of: at))
      } else {
        top = [RawName("#\(at.number)-\(at.sequence)")]
        evidence.insert(.parentUnknown)
        break
      }
      if let original = catalogue.recycled.original(of: next.name, in: next.parent) {
        top = original
        evidence.insert(.nameFromRecycleBin)
        break
      }
      guard chain.count < Self.deepest else {
        top = [RawName("#\(at.number)-\(at.sequence)")]
        evidence.insert(.parentUnknown)
        break
      }
      chain.append((at, next.name))
      at = next.parent
    }
    let path = Path(components: top + chain.reversed().map(\.1), evidence: evidence)
    if known.count >= Self.mostKnown { known.removeAll(keepingCapacity: true) }
    known[reference] = path
    return path
  }
}
