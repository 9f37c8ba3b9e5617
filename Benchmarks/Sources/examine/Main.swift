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
    if arguments.first == "--fuzz" { fuzz(Set(arguments.dropFirst(2)), Int(arguments[1]) ?? 100); return }
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

  private static func fuzz(_ ids: Set<String>, _ rounds: Int) {
    var random = Noise(state: UInt64(rounds))
    let all = Specimens.all.filter { ids.contains($0.format) }
    var slowest = Duration.zero
    var counts: [String: Int] = [:]
    for round in 0..<rounds {
      let specimen = all[round % all.count]
      var bytes = specimen.bytes
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        guard bytes.count > 2 else { break }
        let at = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<9, using: &random) {
        case 0: bytes[at] = .random(in: 0...255, using: &random)
        case 1: bytes[at] = [0x3C, 0x3E, 0x7B, 0x7D, 0x5B, 0x5D, 0x0A, 0x0D, 0x22, 0x27, 0x3A, 0x2D, 0x25, 0, 0x5C, 0x26, 0x3D, 0x2F, 0x21, 0x3F].randomElement(using: &random)!
        case 2: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...40, using: &random)))
        case 3: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + Int.random(in: 1...90, using: &random))], at: Int.random(in: 0..<bytes.count, using: &random))
        case 4: bytes = Array(bytes[..<at]) + (all.randomElement(using: &random)!.bytes.suffix(Int.random(in: 1...1500, using: &random)))
        case 5: bytes.insert(contentsOf: random.bytes(Int.random(in: 1...9, using: &random)), at: at)
        case 6: bytes.removeLast(Int.random(in: 0..<bytes.count / 2, using: &random))
        case 7: let w = all.randomElement(using: &random)!.bytes; let s = Int.random(in: 0..<w.count, using: &random); bytes.insert(contentsOf: w[s..<min(w.count, s + 60)], at: at)
        default: bytes += bytes
        }
        if bytes.count > 60_000 { bytes = Array(bytes.prefix(60_000)) }
      }
      if round % 3 == 0 { bytes += zeros((512 - bytes.count % 512) % 512) + random.bytes(2000) }
      for format in FileFormat.all where ids.contains(format.id) {
        let begin = ContinuousClock.now
        _ = bytes.withSpan { format.resembles($0) }
        if let result = try? format.examine(Source(bytes: bytes)) {
          if result.length > ByteCount(clamping: bytes.count) { print("BEYOND", format.id, round) }
          if format.id == specimen.format { counts[format.id + (result.end == .complete ? " whole" : " not"), default: 0] += 1 }
        } else { print("THROWS", format.id, round) }
        let time = begin.duration(to: .now)
        if time > slowest { slowest = time; print(format.id, round, bytes.count, time) }
      }
    }
    print(counts.sorted { $0.key < $1.key })
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
