// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Checksums
import Recovery
import Storage

/// What `verify` compares a folder with, as its options say.
struct Expectation {
  let files: ExpectedFiles
  /// What the bytes of files are compared with; nil where digests are.
  private let source: OpenedSource?

  init(_ command: VerifyCommand, observer: JobObserver) throws {
    if let image = command.image {
      let opened = try command.sourceOptions.open(image)
      source = opened
      files = try Self.present(on: opened, below: command.below, observer: observer)
    } else if let folder = command.caseFolder {
      let record = try Case.open(at: folder)
      let opened =
        command.againstSource ? try command.sourceOptions.open(record.job().source) : nil
      source = opened
      if let opened { try Custody.note(in: record, source: opened.path) }
      files = try RecoveredFiles(record, against: opened?.source.medium, observer: observer)
        .expected
    } else {
      source = nil
      files = try Self.listed(command)
    }
  }

  /// Where an audit keeps its answers. Digests mean the same whatever they are compared with.
  func state(at path: String) throws -> AuditState {
    if let source { try checkTarget(existingFolder(above: path), for: source.path) }
    let words = source.map { "\($0.path) \($0.source.length) \(String(describing: $0.part))" }
    let job = words.map { SHA256.hash(Array($0.utf8)).hexadecimal } ?? "digests"
    do {
      return try AuditState(path: path, job: job)
    } catch is Malformed {
      throw Failure(
        status: .usage,
        what: (
          "this file is no state of this audit", "ce fichier n'est pas l'état de cette vérification"
        ), place: path,
        advice: ("name another file with --state", "nommez un autre fichier avec --state"))
    }
  }

  private static func present(
    on opened: OpenedSource, below folder: String?, observer: JobObserver
  ) throws -> ExpectedFiles {
    let components = (folder ?? "").split(separator: "/").map { Array($0.utf8) }
    let tree = try ImageTree(opened.source, below: components, observer: observer)
    guard tree.volumes > 0 else {
      throw Failure(
        status: .noSource,
        what: ("no file system can be read", "aucun système de fichiers lisible"),
        place: opened.path,
        advice: (
          "see what lies on it with: renflou probe \(opened.path)",
          "voyez ce qu'elle contient : renflou probe \(opened.path)"
        ))
    }
    guard folder == nil || !tree.expected.files.isEmpty else {
      throw Failure(
        status: .noSource,
        what: ("no file lies below this folder", "aucun fichier sous ce dossier"),
        place: "\(opened.path): \(folder ?? "")",
        advice: (
          "give the path from the volume's root, as `ls --live` shows it",
          "donnez le chemin depuis la racine du volume, comme `ls --live` le montre"
        ))
    }
    return tree.expected
  }

  /// What a manifest or a bag lists: one that is named, or the folder's own.
  private static func listed(_ command: VerifyCommand) throws -> ExpectedFiles {
    let path = command.manifest ?? command.folder + "/" + ReportFiles.manifest
    do {
      if let named = command.manifest, Bag.isOne(at: named) {
        return try Bag(at: named).expectedRestore
      }
      if command.manifest == nil, Bag.isOne(at: command.folder) {
        return try Bag(at: command.folder).expected
      }
      guard let text = FolderTree.contents(of: path) else { throw unreadable(path) }
      let manifest = try ManifestFile(text)
      if command.modes, manifest.files.allSatisfy({ $0.mode == nil }) { throw noModes(path) }
      var expected = manifest.expected
      if command.manifest == nil {
        // Beside files/ lie the reports and the case: they are ours, not new.
        expected.covered = Array("files/".utf8)
        expected.isRelocatable = false
      }
      return expected
    } catch let error as Malformed {
      throw Failure(
        status: .failed, what: (error.problem, "le manifeste est mal formé : \(error.problem)"),
        place: path,
        advice: (
          "give sums as sha256sum writes them, hashdeep, DFXML, mtree or a bag",
          "donnez des sommes comme sha256sum les écrit, hashdeep, DFXML, mtree ou un sac BagIt"
        ))
    }
  }

  private static func unreadable(_ path: String) -> Failure {
    Failure(
      status: .noSource, what: ("cannot read the manifest", "le manifeste est illisible"),
      place: path,
      advice: (
        "name one with --manifest, a case with --case, or an image with --image",
        "nommez-en un avec --manifest, une affaire avec --case, ou une image avec --image"
      ))
  }

  private static func noModes(_ path: String) -> Failure {
    Failure(
      status: .usage,
      what: ("this manifest holds no permission bits", "ce manifeste ne contient pas de droits"),
      place: path,
      advice: (
        "leave --modes out, or give mtree or DFXML", "sans --modes, ou donnez mtree ou DFXML"
      ))
  }
}
