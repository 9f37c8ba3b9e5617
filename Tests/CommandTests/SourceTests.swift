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

  /// Each would be followed to the end of the disk, from every one of its places.
  @Test(arguments: ["%PDF-1.4\n1 0 obj\n", "ID3\u{3}\0\0\0\0\0\0", "PK\u{3}\u{4}"])
  func `one full of headers ends`(_ header: String) throws {
    let work = try Workspace()
    var unit = Data(header.utf8)
    // A ZIP member of one stored byte.
    if header.hasPrefix("PK") {
      unit += [20] + [UInt8](repeating: 0, count: 21) + [1, 0, 0, 0, 0x61]
    }
    let disk = Data((0..<(4 << 20) / unit.count).lazy.map { _ in unit }.joined())
    try disk.write(to: URL(filePath: work("disk")))
    let outcome = try Command.run(
      program: Command.path,
      ["scan", work("disk"), "--case", work("case"), "--progress", "none"], in: work, limit: 30)
    #expect([0, 2, 3].contains(outcome.status), "\(outcome.status)")
  }

  private struct List: Decodable {
    struct File: Decodable {
      struct Extent: Decodable {
        let start: UInt64?
        let length: UInt64?
      }
      let id: Int
      let verdict: String
      let extents: [Extent]
    }
    let findings: [File]
  }

  private func list(_ folder: String, in work: Workspace) throws -> List {
    let outcome = try Command.run("ls", folder, "--json", in: work)
    return try JSONDecoder().decode(List.self, from: Data(outcome.output.utf8))
  }

  @Test func `what a mapfile calls unread is damage, not zeros`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "fat12").unpack(into: work)
    _ = try Command.run(
      "scan", image, "--case", work("before"), "--progress", "none", in: work)
    let whole = try #require(
      try list(work("before"), in: work).findings.first {
        $0.verdict == "verified" && ($0.extents.first?.length ?? 0) > 1024
      })
    let bad = try #require(whole.extents.first?.start) + 512
    let size = try work.bytes("image").count
    let map = """
      # Mapfile. Created by GNU ddrescue
      0x0 + 1
      0x0 0x\(String(bad, radix: 16)) +
      0x\(String(bad, radix: 16)) 0x200 -
      0x\(String(bad + 512, radix: 16)) 0x\(String(UInt64(size) - bad - 512, radix: 16)) +

      """
    try Data(map.utf8).write(to: URL(filePath: work("image.map")))
    let outcome = try Command.run(
      "recover", image, "--to", work("after"), "--progress", "none", in: work)
    #expect(outcome.status == 2, "\(outcome.talk)")
    let damaged = try list(work("after/case"), in: work).findings.filter { file in
      file.extents.contains { extent in
        extent.start.map { $0 <= bad && bad < $0 + (extent.length ?? 0) } ?? false
      }
    }
    #expect(!damaged.isEmpty)
    for file in damaged { #expect(file.verdict == "partial") }
  }

  @Test func `one that was split is one`() throws {
    let work = try Workspace()
    let image = try TestImage(name: "ext4").unpack(into: work)
    let bytes = try work.bytes("image")
    for (index, start) in stride(from: 0, to: bytes.count, by: 5_000_000).enumerated() {
      try bytes[start..<min(start + 5_000_000, bytes.count)]
        .write(to: URL(filePath: work("part.00\(index + 1)")))
    }
    for (source, folder) in [(image, "a"), (work("part.001"), "b")] {
      let outcome = try Command.run(
        "scan", source, "--case", work(folder), "--progress", "none", in: work)
      #expect(outcome.status == 0, "\(outcome.talk)")
    }
    let lists = try ["a", "b"].map {
      try Command.run("ls", work($0), "--all", in: work).output
    }
    #expect(lists[0] == lists[1] && lists[0].count > 100)
  }
}
