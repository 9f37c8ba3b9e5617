// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `renflou map --files`, on an ext4 image whose files are found by their bytes, not by us.
@Suite(.enabled(if: Command.tool("mke2fs") != nil, "mke2fs is missing"))
struct `damaged files` {
  private struct Document: Decodable {
    struct File: Decodable, Equatable {
      let path: String
      let size: UInt64
      let lost: UInt64
      let bad: UInt64?
      let isNameOnly: Bool?
    }
    struct Unread: Decodable { let volume: String; let bytes: UInt64 }
    let examined: Int
    let damaged: Int
    let lost: UInt64
    let unreadStructures: [Unread]
    let files: [File]
  }

  private static let block = 4096
  private static let count = 40

  /// Every block of every file says whose it is, and which.
  private func makeImage(in work: Workspace) throws -> String {
    let manager = FileManager.default
    for index in 0..<Self.count {
      let folder = work("tree/folder \(index % 4)")
      try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
      var bytes = Data()
      for part in 0...index % 5 {
        let mark = Array("block \(part) of file \(index);".utf8)
        bytes += Data((0..<Self.block).map { mark[$0 % mark.count] })
      }
      try bytes.dropLast(100).write(to: URL(filePath: folder + "/file \(index).txt"))
    }
    try #require(manager.createFile(atPath: work("image"), contents: nil))
    try #require(truncate(work("image"), 16 << 20) == 0)
    let made = try Command.run(
      program: #require(Command.tool("mke2fs")),
      ["-q", "-F", "-t", "ext4", "-b", "4096", "-d", work("tree"), work("image")], in: work)
    try #require(made.status == 0, "\(made.talk)")
    return work("image")
  }

  private func path(_ index: Int) -> String { "ext4/folder \(index % 4)/file \(index).txt" }

  /// Where a block of a file lies in the image.
  private func place(_ part: Int, of index: Int, in image: Data) throws -> Int {
    try #require(image.range(of: Data("block \(part) of file \(index);".utf8))).lowerBound
  }

  /// A map on which all is rescued but these ranges.
  private func map(_ bad: [Range<Int>], _ length: Int) -> Data {
    var text = "0 + 1\n"
    var position = 0
    for range in bad.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > position { text += "\(position) \(range.lowerBound - position) +\n" }
      text += "\(range.lowerBound) \(range.count) -\n"
      position = range.upperBound
    }
    return Data((text + "\(position) \(length - position) +\n").utf8)
  }

  private func run(_ arguments: String..., in work: Workspace) throws -> (Int32, Document) {
    let outcome = try Command.run(program: Command.path, ["map"] + arguments + ["--json"], in: work)
    return (
      outcome.status, try JSONDecoder().decode(Document.self, from: Data(outcome.output.utf8))
    )
  }

  @Test func `are named with what they lost, from the image and from a case alike`() throws {
    let work = try Workspace()
    let image = try makeImage(in: work)
    let bytes = try work.bytes("image")
    let first = try place(2, of: 9, in: bytes)
    let second = try place(0, of: 12, in: bytes)
    let last = try place(3, of: 13, in: bytes)
    // The last block of file 13 is filled but for 100 bytes.
    try map([first..<first + 512, second..<second + 4096, last + 3584..<last + 4096], bytes.count)
      .write(to: URL(filePath: work("map")))
    let (status, list) = try run(work("map"), "--files", image, in: work)
    #expect(status == 2 && list.examined == Self.count && list.unreadStructures.isEmpty)
    let expected = [
      Document.File(path: path(12), size: 12_188, lost: 4096, bad: 4096, isNameOnly: nil),
      Document.File(path: path(13), size: 16_284, lost: 412, bad: 412, isNameOnly: nil),
      Document.File(path: path(9), size: 20_380, lost: 512, bad: 512, isNameOnly: nil),
    ].sorted { $0.path < $1.path }
    #expect(list.files == expected && list.lost == 5020)
    let scan = try Command.run("scan", image, "--case", work("case"), "--no-carve", in: work)
    #expect(scan.status == 0)
    let (caseStatus, fromCase) = try run(work("map"), "--files", work("case"), in: work)
    #expect(caseStatus == 2 && fromCase.files == expected && fromCase.examined == Self.count)
  }

  @Test func `are none where all is rescued`() throws {
    let work = try Workspace()
    let image = try makeImage(in: work)
    try map([], 16 << 20).write(to: URL(filePath: work("map")))
    let (status, list) = try run(work("map"), "--files", image, in: work)
    #expect(status == 0 && list.files.isEmpty && list.examined == Self.count)
  }

  @Test func `are named where their inode is lost, and folders that cannot be read are told`()
    throws
  {
    let work = try Workspace()
    let image = try makeImage(in: work)
    let bytes = try work.bytes("image")
    // A directory block holds its files' names; the first one found is that of a present folder.
    let name = try #require(bytes.range(of: Data("file 10.txt".utf8))).lowerBound
    let folder = name / Self.block * Self.block
    try map([folder..<folder + Self.block], bytes.count).write(to: URL(filePath: work("map")))
    let (status, list) = try run(work("map"), "--files", image, in: work)
    #expect(status == 2 && list.examined == Self.count * 3 / 4 && list.files.isEmpty)
    #expect(list.unreadStructures.map(\.bytes) == [UInt64(Self.block)])
    #expect(list.unreadStructures.first?.volume == "ext4")
    // Of the inodes 11 is lost+found, and those behind it are the tree's four folders and their files;
    // the fourth block of the table holds files of the last folder alone.
    let size = Int(bytes[0x400 + 0x58]) | Int(bytes[0x400 + 0x59]) << 8
    let descriptor = Self.block
    let table = (0..<4).reduce(0) { $0 | Int(bytes[descriptor + 8 + $1]) << (8 * $1) }
    let perBlock = Self.block / size
    let start = table * Self.block + 3 * Self.block
    try map([start..<start + Self.block], bytes.count).write(to: URL(filePath: work("second")))
    let (_, hit) = try run(work("second"), "--files", image, in: work)
    let named = hit.files.filter { $0.isNameOnly == true }
    #expect(named.count == 11 + 4 + Self.count - 3 * perBlock && !named.isEmpty)
    #expect(hit.files == named && hit.examined == Self.count)
    #expect(hit.unreadStructures.map(\.bytes) == [UInt64(Self.block)])
  }

  @Test func `are not looked for where no file system is`() throws {
    let work = try Workspace()
    try Data(count: 1 << 20).write(to: URL(filePath: work("zeros")))
    try map([0..<512], 1 << 20).write(to: URL(filePath: work("map")))
    let outcome = try Command.run("map", work("map"), "--files", work("zeros"), in: work)
    #expect(outcome.status == 3 && outcome.talk.contains(work("zeros")))
  }
}
