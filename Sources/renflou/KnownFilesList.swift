// SPDX-License-Identifier: Apache-2.0

import Case
import Recovery
import Storage

/// The list that `--known` names: text, or the database of NSRL.
enum KnownFilesList {
  static func read(_ path: String) throws -> KnownFiles {
    if KnownFileTable.isDatabase(at: path) {
      return KnownFiles(name: path, table: try KnownFileTable(at: path))
    }
    var known = KnownFiles(name: path)
    var bad: Int?
    let isRead = TextLines.each(of: path) { line, number in
      if !known.add(line: line), bad == nil { bad = number }
      return bad == nil
    }
    guard isRead else {
      throw Failure(
        status: .noSource,
        what: ("cannot read the list of known files", "la liste de fichiers connus est illisible"),
        place: path, advice: ("check the path of --known", "vérifiez le chemin de --known"))
    }
    guard bad == nil, known.count > 0 else {
      let line = bad ?? 1
      throw Failure(
        status: .failed,
        what: ("line \(line) holds no digest", "la ligne \(line) ne contient pas d'empreinte"),
        place: path,
        advice: (
          "give a list of NSRL, hashdeep, sha256sum, sha1sum or md5sum, or digests one a line",
          "donnez une liste NSRL, hashdeep, sha256sum, sha1sum ou md5sum, ou une empreinte par ligne"
        ))
    }
    return known
  }
}
