// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct `deliver` {
  @Test func `a recovery is handed over when its source is gone, and the log tells`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "carve").unpack(into: work)
    let recovered = try Command.run(
      "recover", image, "--to", work("out"), "--progress", "none", in: work)
    #expect([0, 2].contains(recovered.status), "\(recovered.talk)")
    try FileManager.default.removeItem(atPath: image)
    let first = try Command.run(
      "deliver", work("out/case"), "--to", work("bag"), "--with-damaged", "--progress", "none",
      in: work)
    #expect([0, 2].contains(first.status), "\(first.talk)")
    #expect(work.files(below: "bag/data").count == work.files(below: "out/files").count)
    #expect(try Command.run("verify", work("bag"), "--progress", "none", in: work).status == 0)
    let again = try Command.run(
      "deliver", work("out/case"), "--to", work("bag"), "--with-damaged", "--progress", "none",
      "--json", in: work)
    #expect(again.status == first.status && again.output.contains("\"copied\" : 0"))
    let report = try Command.run(
      "report", work("out/case"), "--to", "-", "--format", "html", in: work)
    #expect(report.output.contains("manifest sha256"))
  }

  @Test func `a folder that holds something else is refused`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "carve").unpack(into: work)
    _ = try Command.run("recover", image, "--to", work("out"), "--progress", "none", in: work)
    for place in ["out", "out/files/bag"] {
      let outcome = try Command.run(
        "deliver", work("out/case"), "--to", work(place), "--progress", "none", in: work)
      #expect(outcome.status == 73, "\(place): \(outcome.talk)")
    }
    #expect(!work.files(below: "out").contains { $0.hasSuffix("bagit.txt") })
  }
}
