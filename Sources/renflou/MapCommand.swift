// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Findings
import Foundation
import Recovery
import Reporting
import Storage

struct MapCommand: ParsableCommand {
  enum Drawing: String, ExpressibleByArgument, CaseIterable { case svg, terminal }

  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Show, combine, compare and draw mapfiles; list the files that are damaged.",
    discussion: """
      Reads and writes the mapfiles of GNU ddrescue. Combining comes first, so that its result can be \
      compared, drawn, or asked for files. Examples:

        renflou map disk.img.map
        renflou map disk.img.map --draw terminal
        renflou map disk.img.map --files disk.img
        renflou map first.map --or second.map -o both.map

      Exit codes: 2 where something is not rescued, or a file is damaged; with --compare 1 where the \
      maps differ.
      """)

  @Argument(help: "A mapfile.")
  var mapfile: String

  @Option(help: "Keep as rescued what this map has rescued, too.")
  var and: String?

  @Option(help: "Add what this map has rescued.")
  var or: String?

  @Option(help: "Keep as rescued what one of both maps alone has rescued.")
  var xor: String?

  @Flag(help: "Exchange rescued and not rescued.")
  var invert = false

  @Option(help: "Tell where this map differs.")
  var compare: String?

  @Option(help: "Draw the map: svg or terminal.")
  var draw: Drawing?

  @Option(help: "List the files of this case or image that are not rescued in full.")
  var files: String?

  @Flag(help: "With --files: deleted files, too.")
  var all = false

  @Flag(help: "With --files: as comma-separated values.")
  var csv = false

  @Option(name: [.customShort("o"), .customLong("to")], help: "Write to a new file.")
  var to: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if [and != nil, or != nil, xor != nil, invert].filter({ $0 }).count > 1 {
      throw ValidationError("--and, --or, --xor and --invert exclude each other.")
    }
    if [compare != nil, draw != nil, files != nil].filter({ $0 }).count > 1 {
      throw ValidationError("--compare, --draw and --files exclude each other.")
    }
    if files == nil, all || csv { throw ValidationError("--all and --csv go with --files.") }
    if csv, output.json { throw ValidationError("--csv and --json exclude each other.") }
    if draw != nil, output.json { throw ValidationError("--draw and --json exclude each other.") }
  }

  func run() throws {
    try reporting(output) {
      let map = try combined(readMapfile(mapfile))
      if let compare { return try compared(map, with: readMapfile(compare)) }
      if let draw { return try drawn(map, as: draw) }
      if let files { return try listed(files, map) }
      if isCombining, !output.json { return try converted(map) }
      let summary = MapfileSummary(map)
      try write {
        try $0(output.json ? summary.json() : Array(summary.text(output.language).utf8))
      }
      return map.isRescued || isCombining ? .done : .losses
    }
  }

  private var isCombining: Bool { and != nil || or != nil || xor != nil || invert }

  private func combined(_ map: Mapfile) throws -> Mapfile {
    if let and { return map.combined(with: try readMapfile(and), by: .and) }
    if let or { return map.combined(with: try readMapfile(or), by: .or) }
    if let xor { return map.combined(with: try readMapfile(xor), by: .xor) }
    return invert ? map.inverted : map
  }

  private func converted(_ map: Mapfile) throws -> ExitStatus {
    let text = map.text(comment: "Created by renflou \(Renflou.version)")
    try write { try $0(Array(text.utf8)) }
    return .done
  }

  private func compared(_ map: Mapfile, with other: Mapfile) throws -> ExitStatus {
    let comparison = MapfileComparison(map, with: other)
    try write { write in
      if output.json {
        try comparison.renderJSON(write)
      } else {
        try comparison.render(output.language, write)
      }
    }
    return comparison.isSame ? .done : .failed
  }

  private func drawn(_ map: Mapfile, as drawing: Drawing) throws -> ExitStatus {
    let text =
      switch drawing {
      case .svg:
        MapfilePicture.svg(
          map, title: URL(fileURLWithPath: mapfile).lastPathComponent, output.language)
      case .terminal:
        MapfilePicture.text(
          map, width: terminalWidth,
          isColored: to == nil ? output.isColored : output.color == .always,
          output.language)
      }
    try write { try $0(Array(text.utf8)) }
    return .done
  }

  private func listed(_ place: String, _ map: Mapfile) throws -> ExitStatus {
    let interruption = Interruption()
    let progress = ProgressLine(output, interruption: interruption)
    let survey = DamageSurvey(map: map, includesDeleted: all, observer: progress.observer)
    let list: DamageList?
    do {
      defer { progress.close() }
      list =
        try Case.exists(at: place)
        ? survey.files(of: Case.open(at: place)) : survey.files(on: openMedium(at: place, map: map))
    } catch is Cancelled {
      talk(output.messages.listInterrupted)
      return .interrupted
    }
    guard let list else {
      talk(output.messages.noVolume(in: place))
      return .nothingFound
    }
    let report = DamageReport(list)
    try write(beside: place) { write in
      if output.json {
        try report.renderJSON(write)
      } else if csv {
        try report.renderCSV(write)
      } else {
        try report.render(output.language, write)
      }
    }
    if csv || to != nil { talk(String(report.summary(output.language).dropLast())) }
    return list.files.isEmpty && list.blindSpots.isEmpty ? .done : .losses
  }

  /// Writes to standard output, or to a file that is not there yet.
  ///
  /// - Parameter source: what the target must not lie on.
  private func write(
    beside source: String? = nil,
    _ render: (_ write: @escaping ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    guard let to else {
      let out = Output()
      try render(out.write)
      return try out.flush()
    }
    if FileManager.default.fileExists(atPath: to) {
      throw Failure(
        status: .cannotCreate,
        what: ("there is a file of this name", "un fichier de ce nom existe"), place: to,
        advice: ("name a new file", "nommez un nouveau fichier"))
    }
    if let source { try checkTarget(existingFolder(above: to), for: source) }
    try replaceFile(at: to, render)
  }
}
