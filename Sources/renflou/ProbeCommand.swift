// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Recovery

struct ProbeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probe",
    abstract: "Say what lies on a source: partitions, volumes, lost volumes, encryption.",
    discussion: "Example:\n\n  renflou probe /dev/sdb")

  @Argument(help: "A block device, an image file, or SOURCE@OFFSET.")
  var source: String

  @OptionGroup var sourceOptions: SourceOptions
  @OptionGroup var output: OutputOptions

  func run() throws {
    try reporting(output) {
      let opened = try sourceOptions.open(source)
      let probe = Probe(opened.source).searchingLost()
      let out = Output()
      if output.json {
        try out.writeJSON(ProbeDocument(probe, source: opened.source))
      } else {
        try out.write(output.messages.probe(probe, source: opened.source))
      }
      try out.flush()
      return .done
    }
  }
}
