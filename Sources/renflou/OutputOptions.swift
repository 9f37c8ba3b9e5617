// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Reporting

/// How a command speaks: the same on every one of them.
struct OutputOptions: ParsableArguments {
  enum ProgressForm: String, ExpressibleByArgument, CaseIterable { case line, json, none }

  enum ColorUse: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

  @Flag(help: "Print one JSON document with a \"schema\" field instead of text.")
  var json = false

  @Option(help: "Language of messages and reports: en or fr. Default: the locale.")
  var lang: String?

  @Option(help: "Progress on stderr: line, json (one event a line), or none.")
  var progress: ProgressForm = .line

  @Option(help: "Colour: auto (on a terminal, unless NO_COLOR is set), always or never.")
  var color: ColorUse = .auto

  func validate() throws {
    if let lang, Language(rawValue: lang) == nil {
      throw ValidationError("--lang \(lang) is not known: en or fr.")
    }
  }

  var language: Language {
    lang.flatMap(Language.init(rawValue:))
      ?? Language(environment: ProcessInfo.processInfo.environment)
  }

  /// Whether what goes to standard output is coloured.
  var isColored: Bool {
    switch color {
    case .always: true
    case .never: false
    case .auto:
      isatty(STDOUT_FILENO) != 0
        && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }
  }

  var messages: Messages { Messages(language: language) }
}
