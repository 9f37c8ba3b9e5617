// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings
import Foundation
import Specimens

/// What do the formats say of these files? Each is examined with the rest of its sector in zeros, and
/// with noise, zeros and text behind.
///
///     examine FILE…              a line for each file that is not found exactly, then the count
///     examine --all FILE…        a line for each file
///     examine --specimens [ID…]  checks the promises of formats on their specimens
@main enum Main {
  static func main() {
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "--specimens" {
      exit(checkSpecimens(of: Set(arguments.dropFirst())) ? 0 : 1)
    }
    let showsAll = arguments.first == "--all"
    if showsAll { arguments.removeFirst() }
    var exact = 0
    for path in arguments {
      guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else { continue }
      let result = Examined([UInt8](data))
      exact += result.isExact ? 1 : 0
      if showsAll || !result.isExact { print("\(path)  \(result.line)") }
    }
    print("\(exact) of \(arguments.count) exact")
  }

  private static func checkSpecimens(of ids: Set<String>) -> Bool {
    var failures = 0
    let chosen = Specimens.all.filter { ids.isEmpty || ids.contains($0.format) }
    for specimen in chosen {
      let problems = Contract.problems(of: specimen)
      for problem in problems.prefix(8) { print("\(specimen): \(problem)") }
      failures += problems.isEmpty ? 0 : 1
    }
    print("\(chosen.count - failures) of \(chosen.count) specimens keep the promises")
    return failures == 0
  }
}
