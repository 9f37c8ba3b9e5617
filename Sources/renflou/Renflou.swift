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
        renflou probe /dev/sdb                      what is on it
        renflou recover disk.img --to ~/recovered   scan, write files, report

      Exit codes: 0 done; 1 failed; 2 done with losses; 3 nothing found; 4 stopped by a \
      safety rule; 64 usage; 66 no such source; 73 cannot create; 74 I/O error on the target; \
      77 no rights; 130 interrupted, resumable.
      """,
    version: version,
    subcommands: [
      DevicesCommand.self, ProbeCommand.self, ScanCommand.self, ListCommand.self,
<<<<<<< HEAD
      ShowCommand.self, ImageCommand.self, RecoverCommand.self, VerifyCommand.self,
=======
      ShowCommand.self, RecoverCommand.self, MapCommand.self, VerifyCommand.self,
>>>>>>> 72964578c12d2f1e590a7877bff7926053af7106
      ReportCommand.self,
      FormatsCommand.self,
    ])

  static let version = "0.1.0"
}
