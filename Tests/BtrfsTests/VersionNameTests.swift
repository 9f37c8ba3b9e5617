// SPDX-License-Identifier: Apache-2.0

import Findings
import Testing

@testable import Btrfs

@Suite struct `The name of an older version` {
  @Test(arguments: [
    ("a.txt", 1_714_566_600, "a (2024-05-01 12.30).txt"), ("a", 0, "a (1970-01-01 00.00)"),
    (".rc", -1, ".rc (1969-12-31 23.59)"), ("a.b.c", 951_782_400, "a.b (2000-02-29 00.00).c"),
  ])
  func `tells when it was written`(_ name: String, _ seconds: Int64, _ expected: String) {
    #expect(
      VersionName.name(RawName(name), Timestamp(seconds: seconds)) == RawName(expected))
  }
}
