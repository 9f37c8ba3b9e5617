// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import Health

struct TriageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "triage",
    abstract:
      "Go, go gently, or stop: what a disk says of its health, three short reads, what is on it.",
    discussion: """
      Look before you image. Nothing is written, no self test is started, and a disk that should be \
      stopped is not read. Exit codes: 0 go; 2 go gently; 4 stop.

      Example:

        renflou triage /dev/sdb
      """)

  @Argument(help: "A block device, or an image file.")
  var source: String

  @Flag(
    help: "Make the kernel refuse all writes to the disk and its partitions, until it is unplugged."
  )
  var setReadOnly = false

  @Option(name: .customLong("case"), help: "Note the answer in the log of this case.")
  var caseFolder: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try caseFolder.map { try Case.open(at: $0) }
      let triage = try Triage(source, smartctl: .installed, setsReadOnly: setReadOnly)
      if let record { try Custody.note(triage, in: record) }
      let out = Output()
      if output.json {
        try out.writeJSON(TriageDocument(triage, output.messages))
      } else {
        try out.write(output.messages.triage(triage))
      }
      try out.flush()
      return switch triage.advice.course {
      case .go: .done
      case .goGently: .losses
      case .stop: .refused
      }
    }
  }
}
