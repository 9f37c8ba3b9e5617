// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Recovery
import Storage

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Audit the files of a folder: matched, changed, moved, missing, new.",
    discussion: """
      A folder that `recover` made, and a bag (BagIt), are checked against their own manifests. \
      Another folder is checked against --manifest, --case or --image. Exit code 2 where anything \
      differs. Examples:

        renflou verify ~/recovered
        renflou verify ~/recovered --case ~/recovered/case --against-source
        renflou verify ~/restored --manifest before.hashdeep --times
        renflou verify /mnt/backup --image disk.img --partition 2
      """)

  @Argument(help: "The folder to check; the case folder with --log.")
  var folder: String

  @Option(
    help: "Sums (md5sum, sha256sum …, also --tag), hashdeep, DFXML, mtree, or a bag's folder.")
  var manifest: String?

  @Option(name: .customLong("case"), help: "A case whose recovered files should be here.")
  var caseFolder: String?

  @Flag(help: "With --case: read the source again, byte by byte, and examine formats again.")
  var againstSource = false

  @Option(help: "IMAGE[@OFFSET]: the files that its volumes list as present should be here.")
  var image: String?

  @Option(help: "With --image: only what lies below this folder of the volume.")
  var below: String?

  @Flag(help: "Compare times of modification, too.")
  var times = false

  @Flag(help: "Compare permission bits, too.")
  var modes = false

  @Option(help: "Keep in FILE what was found out, so that the same command goes on after a stop.")
  var state: String?

  @Option(help: "How many files are read at a time.")
  var workers = 2

  @Flag(help: "Check the hash chain of a case's log instead.")
  var log = false

  @OptionGroup var sourceOptions: SourceOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if [manifest != nil, caseFolder != nil, image != nil, log].filter({ $0 }).count > 1 {
      throw ValidationError("--manifest, --case, --image and --log exclude each other.")
    }
    if againstSource, caseFolder == nil { throw ValidationError("--against-source needs --case.") }
    if below != nil, image == nil { throw ValidationError("--below needs --image.") }
    if modes, image != nil || caseFolder != nil {
      throw ValidationError("--modes needs a manifest that has them: mtree or DFXML.")
    }
    guard (1...256).contains(workers) else {
      throw ValidationError("--workers takes a number from 1 to 256.")
    }
  }

  func run() throws {
    try reporting(output) {
      do {
        return log ? try verifyLog() : try verifyFolder()
      } catch is Cancelled where state == nil {
        talk(output.messages.auditInterrupted)
        return .interrupted
      }
    }
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
    let progress = ProgressLine(output, interruption: Interruption())
    let expectation = try Expectation(self, observer: progress.observer)
    var settings = Audit.Settings()
    settings.workers = workers
    settings.comparesTimes = times
    settings.comparesModes = modes
    settings.state = try state.map { try expectation.state(at: $0) }
    var outcomes = AuditDocument()
    let out = Output()
    let audit = Audit(
      tree, expected: expectation.files, settings: settings, observer: progress.observer)
    defer { progress.close() }
    try audit.run { entry in
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
