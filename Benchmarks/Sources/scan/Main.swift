// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How fast does a scan read an image that lies in the page cache, beside tools that only read it
/// (dd), that carve it (photorec), and beside the obvious loop that the scanner must agree with?
///
///     scan COMMAND [--size GIB] [--rounds N] [--folder DIR] [--photorec]
@main enum Main {
  static func main() throws {
    let options = try Options(CommandLine.arguments)
    print(Machine.description)
    let oracle = try OracleBenchmark.run()
    print("scanner and oracle agree on \(oracle.hits) hits in \(oracle.megabytes) MiB")
    print(row("oracle, one core", oracle.oracleRate))
    print(row("scanner, one core", oracle.scannerRate))

    let image = try Filler(options)
    defer { image.remove() }
    try image.make()
    print("image: \(options.gibibytes) GiB of noise with \(image.planted) pictures, cached")
    var dd: [Double] = []
    var scan: [Double] = []
    var peak: UInt64 = 0
    for round in 0...options.rounds {
      let plain = try Timed.run("/usr/bin/dd", ["if=" + image.path, "of=/dev/null", "bs=1M"])
      let folder = options.folder + "/renflou-benchmark-case"
      try? FileManager.default.removeItem(atPath: folder)
      let ours = try Timed.run(
        options.command, ["scan", image.path, "--case", folder, "--progress", "none"])
      let found = try Timed.output(options.command, ["ls", folder, "--json"])
      try? FileManager.default.removeItem(atPath: folder)
      guard found.components(separatedBy: "\"verdict\":\"verified\"").count - 1 == image.planted
      else { throw Failure("the scan did not find the \(image.planted) planted pictures") }
      // The first round warms the cache.
      guard round > 0 else { continue }
      dd.append(plain.seconds)
      scan.append(ours.seconds)
      peak = max(peak, ours.peak)
    }
    let bytes = Double(image.size)
    let windows = try WindowBenchmark.run(image.path)
    print(row("windows mapped", windows.mapped), "  two threads, every cache line touched")
    print(row("windows read", windows.read))
    print(row("dd bs=1M", bytes / median(dd)))
    print(row("renflou scan", bytes / median(scan)))
    print("renflou : dd \(ratio(median(dd), median(scan)))")
    print("renflou, peak memory (RssAnon + RssShmem): \(peak >> 20) MiB")
    if options.photorec {
      let photorec = try Photorec.run(image.path, folder: options.folder)
      print(row("photorec", bytes / photorec))
      print("renflou : photorec \(ratio(photorec, median(scan)))")
    }
  }

  private static func row(_ name: String, _ bytesPerSecond: Double) -> String {
    let rate = String(format: "%.2f GB/s", bytesPerSecond / 1e9)
    return name.padding(toLength: 20, withPad: " ", startingAt: 0) + rate
  }

  private static func ratio(_ theirs: Double, _ ours: Double) -> String {
    String(format: "%.2f", theirs / ours)
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted[sorted.count / 2]
  }
}

/// What ends the benchmark.
struct Failure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
