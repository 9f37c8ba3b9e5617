// SPDX-License-Identifier: Apache-2.0

import Storage
import Testing

@testable import Delivery

@Suite struct `names in a delivery` {
  @Test func `no two files share a path on a system that ignores case`() {
    var paths = PathAllotment()
    let given = [
      ["Photos", "A.jpg"], ["photos", "a.JPG"], ["PHOTOS", "été"], ["Photos", "e\u{301}te\u{301}"],
      ["a"], ["A", "b"], ["x:y"], ["x?y"],
    ].map { paths.path(for: $0.map { Array($0.utf8) }).joined(separator: "/") }
    #expect(
      given == [
        "Photos/A.jpg", "Photos/a (2).JPG", "Photos/été", "Photos/e\u{301}te\u{301} (2)", "a",
        "A (2)/b", "x_y", "x_y (2)",
      ])
  }

  @Test(arguments: [
    ("100% sure\r\n.txt", "100_ sure_.txt"), ("con", "con_"), ("Aux.tar.gz", "Aux_.tar.gz"),
    ("..", "._"), ("", "_"), ("end. ", "end._"), ("\u{202E}gpj.exe", "_gpj.exe"),
    ("a/../b", "a_.._b"),
    ("$(reboot)`x`", "$(reboot)`x`"), ("com10", "com10"),
  ])
  func `a name that some system cannot hold is made one that all can`(raw: String, name: String) {
    #expect(PortableName(Array(raw.utf8)).text == name)
  }

  @Test func `bytes that are no text become a name that is`() {
    #expect(PortableName([0x66, 0xFF, 0xFE, 0x2E, 0x74]).text == "f_.t")
    let long = PortableName([UInt8](repeating: 0x61, count: 10_000) + Array(".docx".utf8)).text
    #expect(long.utf8.count <= 140 && long.hasSuffix(".docx"))
  }
}
