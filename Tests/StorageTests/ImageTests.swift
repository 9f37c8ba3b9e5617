// SPDX-License-Identifier: Apache-2.0

import Bytes
import Fixtures
import Glibc
import Testing

@testable import Storage

@Suite struct `A split image` {
  let folder = Folder()

  @Test(arguments: [["001", "002", "003"], ["000", "001", "002"], ["aa", "ab", "ac"]])
  func `reads as one, across its seams`(ends: [String]) throws {
    let bytes = pattern(300_000)
    let cuts = [0, 100_000, 200_001, 300_000]
    for (index, end) in ends.enumerated() {
      folder.file("disk.\(end)", Array(bytes[cuts[index]..<cuts[index + 1]]))
    }
    let medium = try openMedium(at: folder.path + "/disk." + ends[0])
    #expect(medium.length == 300_000)
    for range in [0..<300_000, 99_999..<100_001, 199_000..<299_000] as [Range<UInt64>] {
      let part = ByteOffset(range.lowerBound)..<ByteOffset(range.upperBound)
      let expected = Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
      #expect(try lent(medium, part) == expected)
      #expect(try readable(medium, part).bytes == expected)
    }
  }

  @Test func `ends where a part is missing`() throws {
    for end in ["001", "002", "004"] { folder.file("disk.\(end)", pattern(1000)) }
    #expect(try openMedium(at: folder.path + "/disk.001").length == 2000)
  }

  @Test func `counts on from 999 no further than its digits go`() {
    #expect(PartNames(firstPart: "a.001")?.path(998) == "a.999")
    #expect(PartNames(firstPart: "a.001")?.path(999) == nil)
    #expect(PartNames(firstPart: "a.aa")?.path(27) == "a.bb")
    #expect(PartNames(firstPart: "a.img") == nil)
  }
}

@Suite struct `An image with a mapfile` {
  let folder = Folder()
  let bytes = pattern(200_000)

  /// A map whose every second page is bad.
  func alternating(_ pages: Int) -> String {
    var lines = ["# Mapfile. Created by GNU ddrescue version 1.27", "0x0 ? 1"]
    for page in 0..<pages {
      lines.append("0x\(String(page * 4096, radix: 16)) 0x1000 \(page % 2 == 0 ? "-" : "+")")
    }
    return lines.joined(separator: "\n")
  }

  @Test func `never lends what was not read`() throws {
    let image = folder.file("disk.img", bytes)
    folder.file("disk.img.map", Array("0 ? 1\n0 70000 +\n70000 512 -\n70512 129488 +\n".utf8))
    let medium = try openMedium(at: image)
    #expect(medium.knownDefects == RangeSet(70_000..<70_512))
    #expect(throws: ReadError(source: image, range: 70_000..<70_512)) {
      try lent(medium, 0..<200_000)
    }
    #expect(try lent(medium, 70_512..<200_000) == Array(bytes[70_512...]))
    let result = try readable(medium, 1..<200_000)
    #expect(result.defects == [70_000..<70_512])
    #expect(
      result.bytes == bytes[1..<70_000] + [UInt8](repeating: 0, count: 512) + bytes[70_512...])
  }

  @Test func `with 32,768 alternating bad pages gives exactly these defects`() throws {
    let image = folder.file("disk.img", [1])
    truncate(image, 65_536 * 4096)
    folder.file("disk.img.mapfile", Array(alternating(65_536).utf8))
    let medium = try openMedium(at: image)
    var found: [Range<ByteOffset>] = []
    for start in stride(from: UInt64(0), to: 65_536 * 4096, by: 0x100_0000) {
      try medium.withReadableBytes(in: Range(at: ByteOffset(start), count: 0x100_0000)) {
        found += Array($1.ranges)
      }
    }
    let expected = (0..<UInt64(32_768)).map { page in
      ByteOffset(page * 8192)..<ByteOffset(page * 8192 + 4096)
    }
    #expect(found == expected)
  }

  @Test func `what the map does not mention was not read`() throws {
    let image = folder.file("disk.img", bytes)
    let map = folder.file("other.map", Array("0 + 1\n0 150000 +\n".utf8))
    #expect(try openMedium(at: image, mapfile: map).knownDefects == RangeSet(150_000..<200_000))
  }

  @Test func `a mapfile that is none is an error, a log that is none is not`() throws {
    let image = folder.file("disk.img", bytes)
    folder.file("disk.img.log", Array("Guymager log\n".utf8))
    #expect(try openMedium(at: image).knownDefects.isEmpty)
    let map = folder.file("disk.img.map", Array("hello\n".utf8))
    #expect(throws: SourceError(map, .badMapfile("no position in line 1"))) {
      try openMedium(at: image)
    }
  }
}
