// SPDX-License-Identifier: Apache-2.0

/// The benchmark's command line.
struct Options {
  var command = ""
  var gibibytes = 4
  var rounds = 5
  var folder = "/var/tmp"
  var photorec = false

  init(_ arguments: [String]) throws {
    var rest = arguments.dropFirst()
    while let argument = rest.popFirst() {
      switch argument {
      case "--size": gibibytes = try Self.number(rest.popFirst(), argument)
      case "--rounds": rounds = try Self.number(rest.popFirst(), argument)
      case "--folder": folder = rest.popFirst() ?? folder
      case "--photorec": photorec = true
      default: command = argument
      }
    }
    if command.isEmpty {
      throw Failure("scan COMMAND [--size GIB] [--rounds N] [--folder DIR] [--photorec]")
    }
  }

  private static func number(_ text: String?, _ option: String) throws -> Int {
    guard let number = text.flatMap(Int.init), number > 0 else {
      throw Failure("\(option) needs a number")
    }
    return number
  }
}
