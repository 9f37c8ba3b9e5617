// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// A folder against what it should hold: of five changes exactly five are told, each with its place.
@Suite struct `an audit` {
  private struct Document: Decodable {
    struct Span: Decodable, Equatable {
      let start: UInt64
      let length: UInt64
    }
    struct Entry: Decodable {
      let path: String
      let outcome: String
      let movedTo: String?
      let expectedSize: UInt64?
      let size: UInt64?
      let firstDifference: UInt64?
      let onSource: [Span]?
      let totals: String?
    }
    let counts: [String: Int]
    let differences: [Entry]
  }

  /// Kinds of manifests, each with the shell's words that write one of the folder it stands in.
  private static let makers: [(kind: String, tool: String, script: String)] = [
    ("sha256sum", "sha256sum", "find . -type f -exec sha256sum {} +"),
    ("sha1sum --tag", "sha1sum", "find . -type f -exec sha1sum --tag {} +"),
    ("md5sum of absolute paths", "md5sum", "find \"$PWD\" -type f -exec md5sum {} +"),
    ("sha512sum", "sha512sum", "find . -type f -exec sha512sum {} +"),
    ("b2sum --tag", "b2sum", "find . -type f -exec b2sum --tag {} +"),
    ("hashdeep", "hashdeep", "hashdeep -r ."),
    ("hashdeep, as DFXML", "hashdeep", "hashdeep -d -r ."),
    ("mtree", "mtree", "mtree -c -k sha256,size,mode,time,type"),
    ("bsdtar's mtree", "bsdtar", "bsdtar -cf - --format=mtree --options=sha256,size,mode,time ."),
  ]

  private func fill(_ folder: String) throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/sub dir", withIntermediateDirectories: true)
    for index in 0..<20 {
      let bytes = (0..<5_000 + index).map { UInt8(truncatingIfNeeded: $0 &* (index + 3)) }
      let name = index % 2 == 0 ? "sub dir/été, #\(index)" : "f\(index)"
      try Data(bytes).write(to: URL(filePath: "\(folder)/\(name)"))
    }
  }

  private func shell(_ script: String, in folder: String, _ work: Workspace) throws -> String {
    let outcome = try Command.run(
      program: "/bin/sh", ["-c", "cd \"\(folder)\" && \(script)"], in: work)
    try #require(outcome.status == 0, "\(outcome.talk)")
    return outcome.output
  }

  private func audit(_ arguments: [String], in work: Workspace) throws -> (Int32, Document) {
    let outcome = try Command.run(
      program: Command.path, ["verify"] + arguments + ["--json", "--progress", "none"], in: work)
    return try (
      outcome.status,
      #require(
        try? JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8)), "\(outcome.talk)"
      )
    )
  }

  /// One byte changed, one file cut, one renamed, one missing, one new.
  private func damage(_ folder: String, _ names: [String]) throws {
    var bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(names[0])"))
    bytes[bytes.startIndex + 3_210] ^= 1
    try bytes.write(to: URL(filePath: "\(folder)/\(names[0])"))
    let cut = try Data(contentsOf: URL(filePath: "\(folder)/\(names[1])")).prefix(100)
    try cut.write(to: URL(filePath: "\(folder)/\(names[1])"))
    try FileManager.default.moveItem(
      atPath: "\(folder)/\(names[2])", toPath: folder + "/renamed")
    try FileManager.default.removeItem(atPath: "\(folder)/\(names[3])")
    try Data("new".utf8).write(to: URL(filePath: folder + "/new"))
  }

  private func expectTheFive(_ document: Document, _ names: [String]) {
    let told = Dictionary(grouping: document.differences, by: \.path).mapValues { $0[0] }
    #expect(document.differences.count == 5)
    #expect(told[names[0]]?.outcome == "changed")
    #expect(told[names[1]]?.outcome == "changed")
    #expect(told[names[1]]?.size == 100)
    #expect(told[names[2]]?.outcome == "moved")
    #expect(told[names[2]]?.movedTo == "renamed")
    #expect(told[names[3]]?.outcome == "missing")
    #expect(told["new"]?.outcome == "new")
  }

  @Test(arguments: makers.indices) func `finds five changes by each kind of manifest`(
    _ index: Int
  ) throws {
    let maker = Self.makers[index]
    guard Command.tool(maker.tool) != nil else { return print("skipped: no \(maker.tool)") }
    let work = try Workspace()
    try fill(work("tree"))
    let text = try shell(maker.script, in: work("tree"), work)
    try Data(text.utf8).write(to: URL(filePath: work("manifest")))
    let options = [work("tree"), "--manifest", work("manifest"), "--times"]
    let (clean, _) = try audit(options, in: work)
    #expect(clean == 0, "\(maker.kind)")
    let names = ["f1", "sub dir/été, #2", "f3", "sub dir/été, #4"]
    try damage(work("tree"), names)
    let (status, document) = try audit(options.dropLast(), in: work)
    #expect(status == 2)
    #expect(document.counts["matched"] == 16, "\(maker.kind)")
    expectTheFive(document, names)
  }

  @Test func `finds where a folder differs from the files of an image`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "ext4").unpack(into: work)
    _ = try Command.run(
      "recover", image, "--to", work("out"), "--live", "--progress", "none", in: work)
    let tree = work("out/files/ext4-TEST")
    let options = [tree, "--image", image]
    let (clean, document) = try audit(options + ["--times"], in: work)
    #expect(clean == 0)
    #expect(document.counts["matched"] ?? 0 > 10)
    let names = work.files(below: "out/files/ext4-TEST").filter {
      (try? Data(contentsOf: URL(filePath: "\(tree)/\($0)")).count) ?? 0 > 4_000
    }
    try damage(tree, names)
    let (status, found) = try audit(options, in: work)
    #expect(status == 2)
    expectTheFive(found, names)
    let changed = try #require(found.differences.first { $0.path == names[0] })
    #expect(changed.firstDifference == 3_210)
    // The place is that of the bytes on the image.
    let place = try #require(changed.onSource?.first)
    let bytes = try work.bytes("image").dropFirst(Int(place.start)).prefix(Int(place.length))
    let own = try Data(contentsOf: URL(filePath: "\(tree)/\(names[0])"))
    var restored = own.dropFirst(3_210).prefix(Int(place.length))
    restored[restored.startIndex] ^= 1
    #expect(bytes.elementsEqual(restored))
    #expect(found.differences.first { $0.path == names[1] }?.firstDifference == 100)
  }

  @Test func `reads recovered files from their source again`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "ntfs").unpack(into: work)
    _ = try Command.run(
      "recover", image, "--to", work("out"), "--all", "--progress", "none", in: work)
    let options = [work("out"), "--case", work("out/case"), "--against-source"]
    #expect(try audit(options, in: work).0 == 0)
    let name = try #require(
      work.files(below: "out/files").first {
        (try? work.bytes("out/files/" + $0).count) ?? 0 > 4_000
      })
    var bytes = try work.bytes("out/files/" + name)
    bytes[bytes.startIndex + 2_000] ^= 0x80
    try bytes.write(to: URL(filePath: work("out/files/" + name)))
    let (status, found) = try audit(options, in: work)
    #expect(status == 2)
    #expect(found.differences.map(\.path) == ["files/" + name])
    #expect(found.differences.first?.firstDifference == 2_000)
  }

  @Test func `checks a bag with what it says of itself`() throws {
    let work = try Workspace()
    try fill(work("bag/data"))
    let names = try shell("find data -type f", in: work("bag"), work)
    try Data("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n".utf8)
      .write(to: URL(filePath: work("bag/bagit.txt")))
    try Data("p".utf8).write(to: URL(filePath: work("bag/data/100%\nsure")))
    let manifest = try shell(
      "find data -type f ! -name '100*' -exec sha256sum {} + ; cat data/100*sure | sha256sum",
      in: work("bag"), work
    ).replacingOccurrences(of: "  -\n", with: "  data/100%25%0Asure\n")
    try Data(manifest.utf8).write(to: URL(filePath: work("bag/manifest-sha256.txt")))
    let count = names.split(separator: "\n").count
    let size = (0..<20).reduce(1) { $0 + 5_000 + $1 }
    try Data("Payload-Oxum: \(size).\(count + 1)\n".utf8)
      .write(to: URL(filePath: work("bag/bag-info.txt")))
    #expect(try audit([work("bag")], in: work).0 == 0)
    #expect(try audit([work("bag/data"), "--manifest", work("bag")], in: work).0 == 0)
    try Data("x".utf8).write(to: URL(filePath: work("bag/data/more")))
    let (status, found) = try audit([work("bag")], in: work)
    #expect(status == 2)
    #expect(found.differences.map(\.path) == ["bag-info.txt", "data/more"])
    #expect(found.differences[0].totals == "\(size + 1).\(count + 2)")
  }

  @Test func `goes on where it was stopped, and reads anew what has changed since`() throws {
    let work = try Workspace()
    try fill(work("tree"))
    let text = try shell("sha256sum f*", in: work("tree"), work)
    try Data(text.utf8).write(to: URL(filePath: work("manifest")))
    let options = [work("tree"), "--manifest", work("manifest"), "--state", work("state")]
    let first = try audit(options, in: work).1
    #expect(first.counts["matched"] == 10)
    let lines = try String(decoding: work.bytes("state"), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 11)
    // A line that was cut off in the middle does not count.
    try Data(lines.dropLast().joined(separator: "\n").utf8 + Array("\nsha256 00".utf8))
      .write(to: URL(filePath: work("state")))
    try Data("other".utf8).write(to: URL(filePath: work("tree/f1")))
    let second = try audit(options, in: work).1
    #expect(second.differences.filter { $0.outcome == "changed" }.map(\.path) == ["f1"])
    #expect(second.counts["matched"] == 9)
    let refused = try Command.run(
      "verify", work("tree"), "--manifest", work("manifest"), "--state", work("manifest"), in: work)
    #expect(refused.status == 64)
    #expect(try work.bytes("manifest") == Data(text.utf8))
  }

  @Test(arguments: [
    "%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n1,2\n", "<dfxml><fileobject>",
    "<html></html>", "not a sum\n", "#mtree\n..\n", "\u{0}\u{1}", "SHA256 (x = 00\n",
  ]) func `a manifest that is none is refused with a reason`(_ text: String) throws {
    let work = try Workspace()
    try fill(work("tree"))
    try Data(text.utf8).write(to: URL(filePath: work("manifest")))
    let outcome = try Command.run(
      "verify", work("tree"), "--manifest", work("manifest"), in: work)
    #expect(outcome.status == 1, "\(outcome.talk)")
    #expect(outcome.talk.contains(work("manifest")))
  }
}
