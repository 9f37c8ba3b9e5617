// SPDX-License-Identifier: Apache-2.0

import Fixtures
import Foundation
import Testing

private let canMount: Bool = {
  guard let unshare = Command.tool("unshare"), let work = try? Workspace() else { return false }
  let outcome = try? Command.run(
    program: unshare, ["-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "none", work.path], in: work)
  return outcome?.status == 0
}()

@Suite struct `imaging` {
  private let work: Workspace
  private let source: String

  init() throws {
    work = try Workspace()
    source = work("disk")
  }

  private func makeSource(mebibytes: Int, seed: UInt64) throws -> Data {
    var noise = Noise(state: seed)
    let piece = noise.bytes(1_048_576)
    var data = Data(capacity: mebibytes << 20)
    for number in 0..<mebibytes {
      data.append(contentsOf: piece.map { $0 &+ UInt8(truncatingIfNeeded: number) })
    }
    try data.write(to: URL(filePath: source))
    return data
  }

  /// The ranges that a mapfile and its journal call finished.
  private func finished() throws -> [Range<Int>] {
    func number(_ text: Substring, _ radix: Int) throws -> Int {
      try #require(Int(text.hasPrefix("0x") ? text.dropFirst(2) : text, radix: radix))
    }
    var ranges: [Range<Int>] = []
    var status = false
    let map = (try? String(contentsOfFile: work("image.map"), encoding: .utf8)) ?? ""
    for line in map.split(separator: "\n") where !line.hasPrefix("#") {
      let fields = line.split(separator: " ")
      if !status {
        status = true
      } else if fields[2] == "+" {
        let start = try number(fields[0], 16)
        ranges.append(start..<(start + (try number(fields[1], 16))))
      }
    }
    let journal = (try? String(contentsOfFile: work("image.map.journal"), encoding: .utf8)) ?? ""
    for line in journal.split(separator: "\n") {
      let fields = line.split(separator: " ")
      guard fields.count == 4, fields[3].count == 8, fields[2] == "+" else { continue }
      let start = try number(fields[0], 16)
      ranges.append(start..<(start + (try number(fields[1], 16))))
    }
    return ranges
  }

  @Test func `a whole source: the image, its digest and its map`() throws {
    let data = try makeSource(mebibytes: 9, seed: 4101)
    let outcome = try Command.run(
      "image", source, work("image"), "--json", "--verify", "--progress", "none", in: work)
    #expect(outcome.status == 0, "\(outcome.talk)")
    #expect(try work.bytes("image") == data)
    let document = try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(document["schema"] as? String == "renflou-image-1")
    #expect(document["finished"] as? Int == data.count)
    let sum = try Command.run(program: "/usr/bin/sha256sum", [source], in: work)
    let digests = try #require(document["digests"] as? [String: String])
    #expect(sum.output.hasPrefix(try #require(digests["sha256"])))
    // Run again, there is nothing left to do, and nothing changes.
    #expect(
      try Command.run("image", source, work("image"), "--progress", "none", in: work).status == 0)
    #expect(try work.bytes("image") == data)
  }

  @Test func `killed at any moment: what the record calls read is in the image`() throws {
    let data = try makeSource(mebibytes: 96, seed: 4102)
    var noise = Noise(state: 4103)
    var kills = 0
    for _ in 0..<12 {
      let running = try Command.start(
        "image", source, work("image"), "--hash", "none", "--progress", "none", in: work)
      Thread.sleep(forTimeInterval: Double(noise.next() % 60) / 1000)
      kill(running.process.processIdentifier, SIGKILL)
      if try running.wait().status == -SIGKILL { kills += 1 }
      guard let image = try? work.bytes("image") else { continue }
      for range in try finished() { #expect(image[range] == data[range]) }
    }
    #expect(kills > 0)
    let last = try Command.run("image", source, work("image"), "--progress", "none", in: work)
    #expect(last.status == 0, "\(last.talk)")
    #expect(try work.bytes("image") == data)
  }

  @Test(.enabled(if: Command.tool("ddrescue") != nil, "needs ddrescue"))
  func `either of us and ddrescue goes on with the other's job`() throws {
    let data = try makeSource(mebibytes: 8, seed: 4104)
    let ddrescue = try #require(Command.tool("ddrescue"))
    let first = try Command.run(
      program: ddrescue, ["-s", "3000000", source, work("image"), work("image.map")], in: work)
    #expect(first.status == 0, "\(first.talk)")
    let ours = try Command.run("image", source, work("image"), "--progress", "none", in: work)
    #expect(ours.status == 0, "\(ours.talk)")
    #expect(try work.bytes("image") == data)
    for name in ["image", "image.map", "image.map.journal"] {
      try FileManager.default.removeItem(atPath: work(name))
    }

    // A map of ours of which a part is open.
    try "0x0 ? 1\n0x0 0x200000 +\n0x200000 0x600000 ?\n".write(
      toFile: work("image.map"), atomically: true, encoding: .utf8)
    try (data[..<0x200000] + Data(count: 0x600000)).write(to: URL(filePath: work("image")))
    let again = try Command.run(
      "image", source, work("image"), "--easy-only", "--progress", "none", in: work)
    #expect(again.status == 0, "\(again.talk)")
    let theirs = try Command.run(
      program: ddrescue, [source, work("image"), work("image.map")], in: work)
    #expect(theirs.status == 0, "\(theirs.talk)")
    #expect(try work.bytes("image") == data)
    let log = try Command.run(
      program: try #require(Command.tool("ddrescuelog")), ["-D", work("image.map")], in: work)
    #expect(log.status == 0)
  }

  @Test(.enabled(if: canMount, "needs a mount namespace"))
  func `a full target: exit 74, and the same command goes on when there is room`() throws {
    let data = try makeSource(mebibytes: 6, seed: 4105)
    try FileManager.default.createDirectory(
      atPath: work("full"), withIntermediateDirectories: true)
    let run = "'\(Command.path)' image '\(source)' '\(work("full"))/image' --progress none"
    let outcome = try Command.run(
      program: try #require(Command.tool("unshare")),
      [
        "-rm", "sh", "-c",
        """
        mount -t tmpfs -o size=3m none '\(work("full"))' || exit 99
        \(run) >/dev/null 2>'\(work("talk"))'; echo first $?
        mount -o remount,size=100m '\(work("full"))'
        \(run) >/dev/null; echo second $?
        cp '\(work("full"))/image' '\(work("copy"))'
        """,
      ], in: work)
    #expect(outcome.output == "first 74\nsecond 0\n", "\(outcome.talk)")
    #expect(String(decoding: try work.bytes("talk"), as: UTF8.self).contains("→"))
    #expect(try work.bytes("copy") == data)
  }

  @Test func `an image on the way recovers the same files, the next time without the source`()
    throws
  {
    let disk = try TestImage(name: "ext4").unpack(into: work)
    let path = disk.hasPrefix("/") ? disk : work(disk)
    let plain = try Command.run("recover", path, "--to", work("plain"), in: work)
    let imaged = try Command.run(
      "recover", path, "--image", work("copy"), "--to", work("imaged"), in: work)
    #expect(plain.status == imaged.status, "\(imaged.talk)")
    #expect(try work.bytes("copy") == Data(contentsOf: URL(filePath: path)))
    let manifest = try work.bytes("plain/manifest-sha256.txt")
    #expect(try work.bytes("imaged/manifest-sha256.txt") == manifest)
    // What is to be recovered comes before the rest.
    #expect(imaged.talk.contains("first: *: "))
    try FileManager.default.removeItem(atPath: path)
    let again = try Command.run(
      "recover", path, "--image", work("copy"), "--to", work("again"), in: work)
    #expect(again.status == plain.status, "\(again.talk)")
    #expect(try work.bytes("again/manifest-sha256.txt") == manifest)
  }

  @Test func `an image in parts goes on where it was, and is read as one with its map`() throws {
    let data = try makeSource(mebibytes: 7, seed: 71)
    // As if 3 MiB had been read, and the rest had failed for the time being.
    try Data(data.prefix(2 << 20)).write(to: URL(filePath: work("image.001")))
    try Data(data[(2 << 20)..<(3 << 20)]).write(to: URL(filePath: work("image.002")))
    for part in ["image.003", "image.004"] { try Data().write(to: URL(filePath: work(part))) }
    try "0x0 ? 1\n0x0 0x300000 +\n0x300000 0x400000 ?\n".write(
      toFile: work("image.map"), atomically: true, encoding: .utf8)
    let outcome = try Command.run(
      "image", source, work("image"), "--split", "2M", "--progress", "none", in: work)
    #expect(outcome.status == 0, "\(outcome.talk)")
    let parts = try (1...4).map { try work.bytes("image.00\($0)") }
    #expect(parts.map(\.count) == [2 << 20, 2 << 20, 2 << 20, 1 << 20])
    #expect(parts.reduce(Data(), +) == data)
    // Another length does not fit what stands there.
    let other = try Command.run(
      "image", source, work("image"), "--split", "1M", "--progress", "none", in: work)
    #expect(other.status == 74)
    #expect(try work.bytes("image.001") == parts[0])
    // The map is found from the first part on.
    try "0x0 ? 1\n0x0 0x600000 +\n0x600000 0x100000 -\n".write(
      toFile: work("image.map"), atomically: true, encoding: .utf8)
    let scan = try Command.run(
      "scan", work("image.001"), "--case", work("case"), "--lang", "en", in: work)
    #expect(scan.output.contains("1.0 MB"), "\(scan.output)")
  }

  @Test func `an E01 image beside the raw one reads the same`() throws {
    let data = try makeSource(mebibytes: 5, seed: 4107)
    let outcome = try Command.run(
      "image", source, work("image"), "--e01", work("image.E01"), "--progress", "none", in: work)
    #expect(outcome.status == 0, "\(outcome.talk)")
    let again = try Command.run(
      "image", source, work("second"), "--e01", work("image.E01"), "--progress", "none", in: work)
    #expect(again.status == 74)
    if let verify = Command.tool("ewfexport") {
      let exported = try Command.run(
        program: verify, ["-q", "-u", "-f", "raw", "-t", work("out"), work("image.E01")], in: work)
      #expect(exported.status == 0, "\(exported.talk)")
      #expect(try work.bytes("out.raw") == data)
    }
  }

  @Test func `what cannot be: a missing source, an image of somebody else, the source itself`()
    throws
  {
    _ = try makeSource(mebibytes: 1, seed: 4106)
    func status(_ arguments: String...) throws -> Int32 {
      try Command.run(program: Command.path, ["image"] + arguments, in: work).status
    }
    #expect(try status(work("nothing"), work("image")) == 66)
    #expect(try status(source, source) == 4)
    try Data([1, 2, 3]).write(to: URL(filePath: work("other")))
    #expect(try status(source, work("other")) == 4)
    #expect(try work.bytes("other") == Data([1, 2, 3]))
    #expect(try status(source, work("no/such/folder/image")) == 74)
    #expect(try status(source, source + "/image") == 4)
    #expect(work.files(below: ".").allSatisfy { !$0.hasPrefix("image") })
    #expect(try status(source, work("image"), "--hash", "crc") == 64)
    #expect(try status(source, work("image"), "--fill", "pattern:XY") == 64)
  }
}
