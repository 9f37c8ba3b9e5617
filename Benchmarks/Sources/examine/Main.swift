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
///     examine --files DIR        writes the specimens as files
///     examine --seeds DIR        writes the specimens as the fuzzer reads them, a folder a family
@main enum Main {
  static func main() {
    var arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "--specimens" {
      exit(checkSpecimens(of: Set(arguments.dropFirst())) ? 0 : 1)
    }
    if arguments.first == "--seeds", arguments.count == 2 {
      writeSeeds(to: arguments[1])
      return
    }
    if arguments.first == "--files", arguments.count == 2 {
      writeFiles(to: arguments[1])
      return
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

  private static func writeFiles(to folder: String) {
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for (number, specimen) in Specimens.all.enumerated() {
      FileManager.default.createFile(
        atPath: "\(folder)/\(number).\(specimen.format)", contents: Data(specimen.bytes))
    }
  }

  /// The first byte of a seed is the place of its format in the family's list.
  private static func writeSeeds(to folder: String) {
    for family in FileFormat.Category.allCases {
      let formats = FileFormat.all.filter { $0.category == family }
      let path = "\(folder)/\(family.rawValue)"
      try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for (number, specimen) in Specimens.all.enumerated() {
        guard let place = formats.firstIndex(where: { $0.id == specimen.format }) else { continue }
        let seed = Data([UInt8(clamping: place)] + specimen.bytes)
        FileManager.default.createFile(
          atPath: "\(path)/\(specimen.format)-\(number)", contents: seed)
      }
    }
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
