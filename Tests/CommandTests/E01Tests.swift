// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A source that is an E01 image, beside the raw image it was made of.
@Suite struct `an E01 image` {
  private static let ewfacquire = Command.tool("ewfacquire")

  @Test(.enabled(if: ewfacquire != nil, "ewfacquire is missing"))
  func `is probed and recovered like the raw image`() throws {
    let work = try Workspace()
    let raw = try TestImage(name: "ext4").unpack(into: work)
    let made = try Command.run(
      program: try #require(Self.ewfacquire),
      ["-u", "-q", "-c", "fast", "-t", work("packed"), raw], in: work)
    #expect(made.status == 0)
    let packed = work("packed.E01")

    let probes = try [raw, packed].map { path in
      let outcome = try Command.run("probe", path, in: work)
      #expect(outcome.status == 0)
      return outcome.output.replacingOccurrences(of: path, with: "SOURCE")
    }
    #expect(probes[0].contains("ext4"))
    #expect(probes[0] == probes[1])

    for (path, target) in [(raw, "of-raw"), (packed, "of-packed")] {
      #expect(try Command.run("recover", path, "--to", work(target), in: work).status == 0)
    }
    let files = work.files(below: "of-raw/files")
    #expect(!files.isEmpty)
    #expect(work.files(below: "of-packed/files") == files)
    for file in files {
      #expect(
        try work.bytes("of-packed/files/" + file) == work.bytes("of-raw/files/" + file), "\(file)")
    }
  }
}
