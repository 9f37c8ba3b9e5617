// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Checksums
import Foundation
import Storage

/// The files that a case's closing erases: each was named, and each is the case's own.
struct ErasurePlan {
  /// The log's event for each file that `image` makes; its detail is the path, whole.
  static let imageEvent = "image made"

  private(set) var includesCase = false
  private var erasures: [Erasure] = []
  private let folder: String

  /// Checks everything before anything is touched.
  init(_ paths: [String], record: Case) throws {
    let system = SystemFiles()
    folder = system.resolved(record.folder) ?? record.folder
    let fault = try record.logFault()
    let made = try record.logLines().filter { $0.event == Self.imageEvent }
      .compactMap { system.resolved($0.detail) }
    let source = try record.job().source
    for path in paths {
      let real = system.resolved(path) ?? path
      if real == folder {
        includesCase = true
        // Only what we put there: the folder may be one that holds other things, too.
        for attachment in try record.attachments() {
          let file = folder + "/attachments/" + attachment.name
          if system.status(file) != nil { try add(file) }
        }
        let signatures = folder + "/" + LogSignature.folder
        for name in system.names(signatures) where name.hasPrefix("log-") {
          try add(signatures + "/" + name)
        }
        continue
      }
      let isInCase = real.hasPrefix(folder + "/") && !Self.isDatabase(real, folder)
      guard isInCase || (fault == nil && made.contains(real)) else { throw Self.foreign(path) }
      // Nothing that the source is, or lies on, even if a log says that we made it.
      if !source.isEmpty, !made.contains(system.resolved(source) ?? source) {
        try checkTarget(real, for: source)
      }
      // A link is refused as such, not followed.
      try add(system.resolved(path) == nil || Self.isLink(path) ? path : real)
    }
  }

  var items: [ErasureCertificate.Item] {
    (erasures.map { ($0.path, $0.length) } + databases.map { ($0.path, $0.length) }).map {
      ErasureCertificate.Item(path: $0, length: $1, medium: MediumKind(of: $0))
    }
  }

  /// Erases, the case's own database last. What failed is in the list, and the first error beside it.
  func run(_ record: Case) throws -> ([ErasureCertificate.Item], (any Error)?) {
    var items: [ErasureCertificate.Item] = []
    var problem: (any Error)?
    func erase(_ erasure: Erasure) {
      var item = ErasureCertificate.Item(
        path: erasure.path, length: erasure.length, medium: MediumKind(of: erasure.path))
      do {
        item.sha256 = try erasure.run()
        item.isErased = true
      } catch {
        problem = problem ?? error
      }
      items.append(item)
    }
    for erasure in erasures {
      erase(erasure)
      // The hashes of the log go last, with the log.
      guard let item = items.last, item.isErased, !includesCase else { continue }
      try record.log(
        "erased", "\(item.path), sha256 \(item.sha256?.hexadecimal ?? "unknown")",
        at: currentTime())
    }
    if includesCase, problem == nil {
      try record.close()
      for database in databases { erase(database) }
      Erasure.removeEmptyFolders([
        folder, folder + "/attachments", folder + "/" + LogSignature.folder,
      ])
    }
    return (items, problem)
  }

  private var databases: [Erasure] {
    guard includesCase else { return [] }
    return Self.databaseNames.compactMap { try? Erasure.planned(folder + "/" + $0).get() }
  }

  private static let databaseNames = [
    "case.sqlite", "case.sqlite-wal", "case.sqlite-shm", "log.hashes",
  ]

  private static func isDatabase(_ path: String, _ folder: String) -> Bool {
    databaseNames.contains { path == folder + "/" + $0 }
  }

  private static func isLink(_ path: String) -> Bool {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
  }

  private mutating func add(_ path: String) throws {
    switch Erasure.planned(path) {
    case .success(let erasure):
      if !erasures.contains(where: { $0.path == path }) { erasures.append(erasure) }
    case .failure(let refused): throw Failure(refused)
    }
  }

  private static func foreign(_ path: String) -> Failure {
    Failure(
      status: .refused,
      what: (
        "this is no file of the case, and its log does not say that it made it",
        "ce n'est pas un fichier de l'affaire, et son journal ne dit pas qu'elle l'a créé"
      ), place: path,
      advice: (
        "name an image that was made with --case, and check the log: renflou verify --log",
        "nommez une image faite avec --case, et vérifiez le journal\u{202F}: renflou verify --log"
      ))
  }
}

extension Failure {
  fileprivate init(_ refused: ErasureRefused) {
    let what: (String, String) =
      switch refused.objection {
      case .missing: ("there is no such file", "ce fichier n'existe pas")
      case .notAFile:
        (
          "a device, a link or a folder is not erased",
          "un périphérique, un lien ou un dossier n'est pas effacé"
        )
      case .hasOtherNames:
        ("the file has other names (hard links)", "le fichier a d'autres noms (liens physiques)")
      }
    self.init(
      status: .refused, what: what, place: refused.path,
      advice: ("nothing was erased", "rien n'a été effacé"))
  }
}
