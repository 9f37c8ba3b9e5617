// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What happens to a source, and what a source may do to us.
@Suite struct `sources` {
  @Test(.enabled(if: Command.tool("strace") != nil, "strace is missing"))
  func `nothing ever writes to one`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "ext4").unpack(into: work)
    let before = try work.bytes("image")
    let outcome = try Command.run(
      program: #require(Command.tool("strace")),
      [
        "-f", "-y", "-o", work("trace"), "-e",
        "trace=open,openat,openat2,write,writev,pwrite64,pwritev,pwritev2,ftruncate,fallocate,"
          + "copy_file_range,sendfile,splice,ioctl,mmap",
        Command.path, "recover", image, "--to", work("out"), "--all", "--progress", "none",
      ], in: work)
    try #require([0, 2].contains(outcome.status), "\(outcome.talk)")
    let trace = String(decoding: try work.bytes("trace"), as: UTF8.self).split(separator: "\n")
    let opened = trace.filter { $0.contains("\"\(image)\"") && $0.contains("open") }
    #expect(!opened.isEmpty)
    for line in opened { #expect(line.contains("O_RDONLY"), "\(line)") }
    let touching = trace.filter { $0.contains("<\(image)>") }
    #expect(!touching.isEmpty)
    for line in touching where !opened.contains(line) {
      for call in ["write", "truncate", "fallocate", "copy_file", "sendfile", "splice"] {
        #expect(!line.contains(call), "\(line)")
      }
      #expect(!(line.contains("mmap") && line.contains("PROT_WRITE")), "\(line)")
    }
    #expect(try work.bytes("image") == before)
  }

  @Test func `one that shrinks during the scan is read as far as it goes`() throws {
    let work = try Workspace()
    _ = FileManager.default.createFile(atPath: work("image"), contents: nil)
    try TestImage(name: "carve").unpack(into: work, as: "part")
    let part = try work.bytes("part")
    for attempt in 0..<10 {
      let file = try #require(FileHandle(forWritingAtPath: work("image")))
      for _ in 0..<16 { try file.write(contentsOf: part) }
      try file.close()
      let running = try Command.start(
        "scan", work("image"), "--case", work("case-\(attempt)"), "--progress", "none", in: work)
      Thread.sleep(forTimeInterval: 0.01 * Double(attempt + 1))
      try #require(truncate(work("image"), 1 << 20) == 0)
      let outcome = try running.wait()
      #expect([0, 2, 3].contains(outcome.status), "\(outcome.status) \(outcome.talk)")
    }
  }

  @Test func `one that is removed during the scan is no crash`() throws {
    let work = try Workspace()
    for attempt in 0..<5 {
      try TestImage(name: "fat32-linux").unpack(into: work)
      let running = try Command.start(
        "recover", work("image"), "--to", work("out-\(attempt)"), "--progress", "none", in: work)
      Thread.sleep(forTimeInterval: 0.01 * Double(attempt))
      try FileManager.default.removeItem(atPath: work("image"))
      #expect([0, 2, 3, 66].contains(try running.wait().status))
    }
  }

  @Test func `a part of one is searched alone`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "mbr").unpack(into: work)
    let outcome = try Command.run("probe", image, "--json", in: work)
    #expect(outcome.status == 0)
    struct Probe: Decodable {
      struct Slice: Decodable { let partition: Int?; let start: UInt64 }
      let slices: [Slice]
    }
    let probe = try JSONDecoder().decode(Probe.self, from: Data(outcome.output.utf8))
    let slice = try #require(probe.slices.first { $0.partition != nil })
    let number = try #require(slice.partition)
    let byNumber = try Command.run(
      "scan", image, "--partition", "\(number)", "--case", work("a"), "--progress", "none",
      in: work)
    let byOffset = try Command.run(
      "scan", "\(image)@\(slice.start)", "--case", work("b"), "--progress", "none", in: work)
    #expect(byNumber.status == 0 && byOffset.status == 0)
    #expect(try Command.run("ls", work("a"), "--all", in: work).output.count > 100)
  }
}
