// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Recovery
import Storage

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Audit the files of a folder: matched, changed, missing, new.",
    discussion: """
      A folder that `recover` made is checked against its own manifest. Another folder is checked \
      against --manifest (as sha256sum writes it) or --case. Exit code 2 where anything differs. \
      Examples:

        renflou verify ~/recovered
        renflou verify ~/restored --manifest ~/recovered/manifest-sha256.txt
      """)

  @Argument(help: "The folder to check; the case folder with --log.")
  var folder: String

  @Option(help: "A file of SHA-256 sums.")
  var manifest: String?

  @Option(name: .customLong("case"), help: "A case whose recovered files should be here.")
  var caseFolder: String?

  @Flag(help: "Check the hash chain of a case's log instead.")
  var log = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if [manifest != nil, caseFolder != nil, log].filter({ $0 }).count > 1 {
      throw ValidationError("--manifest, --case and --log exclude each other.")
    }
  }

  func run() throws {
    try reporting(output) { log ? try verifyLog() : try verifyFolder() }
  }

  private func verifyFolder() throws -> ExitStatus {
    let tree = FolderTree(folder)
    guard tree.isReadable else {
      throw Failure(
        status: .noSource, what: ("cannot read the folder", "le dossier est illisible"),
        place: folder,
        advice: (
          "name the folder that holds the files", "nommez le dossier qui contient les fichiers"
        ))
    }
    let expected = try self.expected()
    let progress = ProgressLine(output, interruption: Interruption())
    var outcomes = AuditDocument()
    let out = Output()
    let isRecovery = manifest == nil
    try Audit(tree, observer: progress.observer).run(
      expected: expected,
      // Beside files/ lie the reports and the case: they are ours, not new.
      isCovered: { !isRecovery || $0.starts(with: Array("files/".utf8)) }
    ) { entry in
      outcomes.count(entry)
      if !output.json, entry.outcome != .matched {
        try out.write(output.messages.audit(entry) + "\n")
      }
    }
    progress.close()
    if output.json {
      try out.writeJSON(outcomes)
    } else {
      try out.write(output.messages.audit(outcomes) + "\n")
    }
    try out.flush()
    return outcomes.isClean ? .done : .losses
  }

  /// The digests by path that the folder should have.
  private func expected() throws -> [[UInt8]: [UInt8]] {
    if let caseFolder {
      let record = try Case.open(at: caseFolder)
      var digests: [[UInt8]: [UInt8]] = [:]
      try record.eachWritten { written in
        digests[Array("files/".utf8) + written.path] = written.sha256
        return true
      }
      return digests
    }
    let path = manifest ?? folder + "/" + ReportFiles.manifest
    guard let text = FolderTree.contents(of: path) else {
      throw Failure(
        status: .noSource, what: ("cannot read the manifest", "le manifeste est illisible"),
        place: path,
        advice: (
          "name one with --manifest, or a case with --case",
          "nommez-en un avec --manifest, ou une affaire avec --case"
        ))
    }
    do {
      return try ManifestFile(text).digests
    } catch {
      throw Failure(
        status: .failed, what: (error.problem, "le manifeste est mal formé : \(error.problem)"),
        place: path,
        advice: (
          "it must hold lines as sha256sum writes them",
          "ses lignes doivent être comme sha256sum les écrit"
        ))
    }
  }

  private func verifyLog() throws -> ExitStatus {
    let record = try Case.open(at: folder)
    let lines = try record.logLines().count
    let fault = try record.logFault()
    let signatures = try LogSignature.all(of: record)
    let out = Output()
    if output.json {
      try out.writeJSON(LogDocument(lines: lines, fault: fault, signatures: signatures))
    } else {
      try out.write(output.messages.log(lines: lines, fault: fault) + "\n")
      for signature in signatures { try out.write(output.messages.signature(signature) + "\n") }
    }
    try out.flush()
    return fault == nil && !signatures.contains(where: \.isRefuted) ? .done : .losses
  }
}
