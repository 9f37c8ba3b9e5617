// SPDX-License-Identifier: Apache-2.0

import Bytes
import Carving
import Case
import FileFormats
import Findings

extension Scan {
  /// Whole movies that are read for what they tell of broken ones.
  private static let mostReferences = 256

  /// Damaged files with what lets them be opened, in the order in which carving found them: some of those in
  /// the case, some of those just joined.
  ///
  /// - Parameters:
  ///   - joined: files that are not in the case yet.
  ///   - replaced: where files begin that will be taken out of it.
  func mended(
    _ joined: [Finding], replaced: Set<ByteOffset>, space: CarvingSpace
  ) throws -> (joined: [Finding], others: [Finding]) {
    var query = Query(show: .all)
    query.origins = [.carve]
    query.verdicts = [.partial]
    var broken: [Finding] = []
    try record.each(query) { _, finding in
      if !replaced.contains(ByteOffset(finding.key)) { broken.append(finding) }
      return broken.count < Reassembly.mostCandidates
    }
    broken.sort { $0.key < $1.key }
    let all = joined + broken
    guard all.contains(where: { $0.verdict == .partial }) else { return (joined, []) }
    let isMovie = all.contains {
      $0.evidence.contains(.headerMatched("mp4")) && $0.verdict == .partial
    }
    var mender = Mender(space: space, references: isMovie ? try references(and: joined) : [])
    var others: [Finding] = []
    let better = try joined.map {
      try observer.check()
      return mender.mended($0) ?? $0
    }
    for finding in broken {
      try observer.check()
      if let mended = mender.mended(finding) { others.append(mended) }
    }
    return (better, others)
  }

  /// What movies on the same source tell of others, the surest first.
  private func references(and joined: [Finding]) throws -> [MovieReference] {
    var query = Query(show: .all)
    query.types = ["mp4", "m4v", "mov", "3gp", "3g2", "f4v"]
    var movies = joined.filter { query.types?.contains($0.type) ?? false }
    try record.each(query) { _, finding in
      if finding.kind == .file, finding.verdict != .nameOnly { movies.append(finding) }
      return movies.count < 16 * Self.mostReferences
    }
    movies.sort { ($0.verdict, $0.key, $0.origin) < ($1.verdict, $1.key, $1.origin) }
    var references: [MovieReference] = []
    for movie in movies.prefix(Self.mostReferences) {
      try observer.check()
      let file = medium.joined(movie.content, name: movie.type)
      if let reference = MovieReference(file), !references.contains(reference) {
        references.append(reference)
      }
    }
    return references
  }
}
