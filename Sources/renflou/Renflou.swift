// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// The command. Each subcommand is a file of its own.
@main
struct Renflou: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renflou",
    abstract: "Find and recover deleted files from a disk or a disk image.",
    discussion: """
      Sources are opened read-only; nothing is ever written to them. A typical job:

        renflou devices                             which disk is which
        renflou triage /dev/sdb                     how it is, and what to do with it
        renflou probe /dev/sdb                      what is on it
        renflou recover disk.img --to ~/recovered   scan, write files, report

      Exit codes: 0 done; 1 failed; 2 done with losses; 3 nothing found; 4 stopped by a \
      safety rule; 64 usage; 66 no such source; 73 cannot create; 74 I/O error on the target; \
      77 no rights; 130 interrupted, resumable.
      """,
    version: version,
    subcommands: [
      DevicesCommand.self, TriageCommand.self, ProbeCommand.self, ImageCommand.self,
      MapCommand.self, ScanCommand.self, ListCommand.self, ShowCommand.self,
      RecoverCommand.self, VerifyCommand.self, DeliverCommand.self, ReportCommand.self,
      ExportCommand.self, CaseCommand.self, FormatsCommand.self,
    ])

  static let version = "0.1.0"
}
