// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case
import FileFormats

struct CaseWishCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wish", abstract: "Add to what the customer wants back, or change the list.",
    discussion: """
      The order is that of imaging (image --first wishlist), of recovery and of the report. \
      Examples:

        renflou case wish noel.case "the thesis" --path '**/these*' --type docx,pdf
        renflou case wish noel.case --move 3 1
      """)

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Argument(help: "The wish in the customer's words; with --move, its new place.")
  var words: String?

  @Option(
    name: [.long, .customLong("name")],
    help: "Paths or names that match a pattern; may be repeated.")
  var path: [String] = []

  @Option(help: "Types or groups, with commas.")
  var type: String?

  @Option(help: "Modified on or after this date.")
  var since: DateArgument?

  @Option(help: "Modified on or before this date.")
  var until: DateArgument?

  @Flag(help: "Show the list.")
  var list = false

  @Option(help: "Take this wish out.")
  var remove: Int?

  @Option(help: "Move this wish to the place that follows: --move 3 1.")
  var move: Int?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard [list, remove != nil, move != nil].filter({ $0 }).count <= 1 else {
      throw ValidationError("--list, --remove and --move exclude each other.")
    }
    if move != nil, place == nil { throw ValidationError("--move takes two numbers: --move 3 1.") }
    if !list, remove == nil, move == nil, words?.allSatisfy(\.isWhitespace) ?? true {
      throw ValidationError("Say what is wished for, or --list.")
    }
  }

  private var place: Int? { words.flatMap { Int($0) } }

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      var wishes = try record.wishes()
      if !list {
        try change(&wishes)
        try Custody.note(in: record, source: nil)
        try record.set(wishes: wishes)
      }
      let out = Output()
      if output.json {
        try out.writeJSON(try CaseDocument(record))
      } else {
        try out.write(output.messages.wishes(try record.wishes()))
      }
      try out.flush()
      return .done
    }
  }

  private func change(_ wishes: inout [Wish]) throws {
    if let remove {
      wishes.remove(at: try index(remove, in: wishes))
    } else if let move, let place {
      let target = try index(place, in: wishes)
      wishes.insert(wishes.remove(at: try index(move, in: wishes)), at: target)
    } else if let words {
      let types = (type ?? "").lowercased().split(separator: ",").map(String.init)
      wishes.append(
        Wish(
          number: wishes.count + 1, words: words, patterns: path,
          types: Set(types.flatMap { FileFormat.types(meantBy: $0) ?? [$0] }),
          since: since?.start, until: until?.end))
    }
  }

  private func index(_ number: Int, in wishes: [Wish]) throws -> Int {
    guard (1...max(1, wishes.count)).contains(number), !wishes.isEmpty else {
      throw Failure(
        status: .usage,
        what: ("there is no wish \(number)", "il n'y a pas de souhait \(number)"),
        place: caseFolder,
        advice: (
          "see them with: renflou case wish \(caseFolder) --list",
          "voyez-les\u{202F}: renflou case wish \(caseFolder) --list"
        ))
    }
    return number - 1
  }
}
