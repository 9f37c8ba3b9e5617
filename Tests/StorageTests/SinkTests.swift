// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Glibc
import Testing

@testable import Storage

func raw(_ text: String) -> [UInt8] { Array(text.utf8) }

@Suite struct `A sink` {
  let folder = Folder()

  @discardableResult
  func put(_ path: [[UInt8]], _ bytes: [UInt8] = [1, 2, 3], in sink: Sink) throws -> [[UInt8]] {
    let file = try sink.create(path)
    try bytes.withSpan { try file.write($0) }
    try file.finish()
    return file.relativePath
  }

  @Test func `writes a file with its times`() throws {
    let sink = try Sink(folder: folder.path + "/made/for/it")
    let file = try sink.create([raw("a"), raw("b.txt")])
    try pattern(100_000).withSpan { try file.write($0) }
    try file.finish(modified: -1_500_000_000, accessed: 1_000_000_001)
    #expect(file.relativePath == [raw("a"), raw("b.txt")])
    var status = stat()
    #expect(lstat(folder.path + "/made/for/it/a/b.txt", &status) == 0)
    #expect(status.st_mtim.tv_sec == -2 && status.st_mtim.tv_nsec == 500_000_000)
    #expect(status.st_atim.tv_sec == 1 && status.st_atim.tv_nsec == 1)
    #expect(folder.bytes("made/for/it/a/b.txt") == pattern(100_000))
  }

  @Test func `keeps holes, also at the end`() throws {
    let sink = try Sink(folder: folder.path)
    let file = try sink.create([raw("sparse")])
    try file.skip(1_000_000)
    try [7].withSpan { try file.write($0) }
    try file.skip(2_000_000)
    try file.finish()
    #expect(sink.size(of: file.relativePath) == 3_000_001)
    var status = stat()
    #expect(lstat(folder.path + "/sparse", &status) == 0 && status.st_blocks * 512 < 100_000)
    #expect(folder.bytes("sparse")?.firstIndex(of: 7) == 1_000_000)
  }

  @Test func `numbers what is taken, and replaces nothing`() throws {
    folder.file("a.txt", [9])
    let sink = try Sink(folder: folder.path)
    #expect(try put([raw("a.txt")], in: sink) == [raw("a (2).txt")])
    #expect(try put([raw("a.txt")], in: sink) == [raw("a (3).txt")])
    #expect(folder.bytes("a.txt") == [9])
  }

  @Test func `numbers a thousand files of one name in order`() throws {
    let sink = try Sink(folder: folder.path)
    for number in 2...1001 {
      if number == 2 { try put([raw("a.txt")], in: sink) }
      #expect(try put([raw("a.txt")], in: sink) == [raw("a (\(number)).txt")])
    }
  }

  @Test func `puts a folder beside a file of its name`() throws {
    let sink = try Sink(folder: folder.path)
    try put([raw("x")], in: sink)
    #expect(try put([raw("x"), raw("y")], in: sink) == [raw("x (2)"), raw("y")])
    #expect(try put([raw("x"), raw("z")], in: sink) == [raw("x (2)"), raw("z")])
  }

  @Test func `follows no link, neither for a folder nor for a file`() throws {
    let outside = Folder()
    #expect(symlink(outside.path, folder.path + "/link") == 0)
    #expect(symlink(outside.path + "/new", folder.path + "/name") == 0)
    let sink = try Sink(folder: folder.path)
    #expect(try put([raw("link"), raw("f")], in: sink) == [raw("link (2)"), raw("f")])
    #expect(try put([raw("name")], in: sink) == [raw("name (2)")])
    #expect(outside.names().isEmpty)
  }

  @Test(arguments: [
    "", ".", "..", "/", "../../etc/x", "a/b", "a\nb", "a\0b", "\u{1B}[2J", "\u{202E}gpj.exe",
    "~", "-rf", ".renflou-1.part",
  ])
  func `holds every hostile name as one file of its own folder`(name: String) throws {
    let outer = folder.path + "/outer/inner"
    let sink = try Sink(folder: outer)
    let made = try put([raw(name), raw(name)], in: sink)
    #expect(made.count == 2 && sink.size(of: made) == 3)
    #expect(folder.names("outer") == [raw("inner")])
    #expect(folder.names("outer/inner") == [made[0]])
    let text = String(decoding: made[1], as: UTF8.self)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E || $0 == "/" })
  }

  @Test func `keeps names that are no UTF-8`() throws {
    let sink = try Sink(folder: folder.path)
    #expect(try put([[0x63, 0xE9, 0x2E, 0x74]], in: sink) == [[0x63, 0xE9, 0x2E, 0x74]])
  }

  @Test func `keeps apart long names that differ at the end`() throws {
    let sink = try Sink(folder: folder.path)
    let long = String(repeating: "é", count: 255)
    let first = try put([raw(long + "1.jpeg")], in: sink)[0]
    let second = try put([raw(long + "2.jpeg")], in: sink)[0]
    let third = try put([raw(long + "2.jpeg")], in: sink)[0]
    #expect(Set([first, second, third]).count == 3)
    for name in [first, second, third] {
      #expect(name.count <= 255 && name.suffix(5) == raw(".jpeg")[...])
      #expect(String(validating: name, as: UTF8.self) != nil)
    }
  }

  @Test func `goes 100 folders deep`() throws {
    let sink = try Sink(folder: folder.path)
    let path = [[UInt8]](repeating: [UInt8](repeating: 0x64, count: 240), count: 100)
    #expect(try put(path + [raw("f")], in: sink) == path + [raw("f")])
    #expect(sink.size(of: path + [raw("f")]) == 3)
  }

  @Test func `leaves nothing of a file that is discarded or forgotten`() throws {
    let sink = try Sink(folder: folder.path)
    try sink.create([raw("a")]).discard()
    do { _ = try sink.create([raw("b")]) }
    #expect(folder.names().isEmpty)
  }

  @Test func `shows no file under its name before it is finished`() throws {
    let sink = try Sink(folder: folder.path)
    let file = try sink.create([raw("a")])
    #expect(folder.bytes("a") == nil && folder.names().count == 1)
    try file.finish()
    #expect(folder.names() == [raw("a")])
  }

  @Test func `takes away what a killed run left`() throws {
    let first = try Sink(folder: folder.path)
    let killed = try first.create([raw("a")])
    #expect(folder.names().count == 1)
    let second = try Sink(folder: folder.path)
    try put([raw("a")], in: second)
    #expect(folder.names() == [raw("a")])
    killed.discard()
  }

  @Test func `writes two files of one name at once`() throws {
    let sink = try Sink(folder: folder.path)
    let first = try sink.create([raw("a")])
    let second = try sink.create([raw("a")])
    try [1].withSpan { try first.write($0) }
    try [2].withSpan { try second.write($0) }
    try first.finish()
    try second.finish()
    #expect(folder.bytes("a") == [1] && folder.bytes("a (2)") == [2])
  }

  @Test func `knows how much room there is`() throws {
    let sink = try Sink(folder: folder.path)
    #expect(try sink.freeSpace > 0)
    #expect(throws: SinkError(folder.path, .full)) { try sink.checkSpace(for: ByteCount(.max)) }
  }

  @Test func `refuses a file in place of its folder`() throws {
    let path = folder.file("f", [1])
    #expect(throws: SinkError(path, .notAFolder)) { try Sink(folder: path) }
  }
}

@Suite struct `A safe name` {
  @Test func `of any bytes is one clean component`() {
    var seed: UInt64 = 3
    for round in 0..<20_000 {
      let count = Int(seed >> 40) % (round % 10 == 0 ? 600 : 8)
      var bytes: [UInt8] = []
      for _ in 0..<count {
        seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes.append(
          round % 2 == 0
            ? UInt8(truncatingIfNeeded: seed >> 56)
            : [0x2E, 0x2F, 0, 0xE2, 0x80, 0xAE, 0x41][Int(seed >> 33) % 7])
      }
      seed = seed &+ 1
      for rules in SafeName.Rules.allCases {
        let safe = SafeName(bytes, rules)
        for name in [safe.bytes, safe.numbered(12, rules)] {
          #expect(!name.isEmpty && name.count <= rules.longest)
          #expect(name != raw(".") && name != raw(".."))
          #expect(!name.contains { $0 == 0x2F || $0 < 0x20 || $0 == 0x7F })
        }
      }
    }
  }

  @Test func `leaves good names alone`() {
    for name in ["a.txt", "Übung 100%.doc", "日本語.jpg", "a:b?", ".bashrc", "x."] {
      #expect(SafeName(raw(name)).bytes == raw(name))
    }
  }

  @Test func `for Windows escapes what Windows refuses`() {
    #expect(SafeName(raw("a:b?. "), .strict).bytes == raw("a%3Ab%3F.%20"))
    #expect(SafeName([0x41, 0xE9], .strict).bytes == raw("A%E9"))
  }
}
