// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case

struct CaseSignCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sign", abstract: "Sign the log as it is now, with an SSH key; needs ssh-keygen.",
    discussion: "Example:\n\n  renflou case sign noel.case --key ~/.ssh/id_ed25519")

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Option(help: "A private SSH key, or a public one whose private key the agent holds.")
  var key: String

  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      try Custody.note(in: record, source: nil)
      let line = try LogSignature.sign(record, key: key)
      talk(
        output.messages.pick(
          "the log is signed up to line \(line)", "le journal est signé jusqu'à la ligne \(line)"))
      return .done
    }
  }
}
