// SPDX-License-Identifier: Apache-2.0

import Storage

/// Gives out paths that no two files share, on systems too that do not tell upper case from lower or
/// one form of `é` from the other. The same files in the same order get the same paths.
struct PathAllotment {
  /// What has a name: the spelling of a folder, or a file (nil).
  private var taken: [String: String?] = [:]
  /// The next number to try for a name that was taken, or the ten thousandth would try all others.
  private var next: [String: Int] = [:]

  /// The path for a file, its components raw as a disk had them.
  mutating func path(for raw: [[UInt8]]) -> [String] {
    var path: [String] = []
    for component in raw.dropLast() { path.append(folder(component, in: path)) }
    path.append(file(raw.last ?? [], in: path))
    return path
  }

  private mutating func folder(_ raw: [UInt8], in parent: [String]) -> String {
    var number = 1
    while true {
      let name = PortableName(raw, number: number).text
      switch taken[Self.key(parent, name)] {
      case .some(.some(let spelling)): return spelling
      case .some(.none): number += 1
      case .none:
        taken[Self.key(parent, name)] = .some(name)
        return name
      }
    }
  }

  private mutating func file(_ raw: [UInt8], in parent: [String]) -> String {
    let first = Self.key(parent, PortableName(raw).text)
    var number = next[first] ?? 1
    while true {
      let name = PortableName(raw, number: number).text
      let key = Self.key(parent, name)
      number += 1
      if taken[key] == nil {
        taken.updateValue(nil, forKey: key)
        next[first] = number
        return name
      }
    }
  }

  /// Strings compare by canonical equivalence, so that forms of one letter are the same.
  private static func key(_ parent: [String], _ name: String) -> String {
    (parent + [name]).joined(separator: "/").lowercased()
  }
}
