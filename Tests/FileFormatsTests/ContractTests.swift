// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Specimens
import Testing

@Suite struct `every format` {
  @Test(arguments: Specimens.all) func `keeps its promises`(_ specimen: Specimen) {
    let problems = Contract.problems(of: specimen)
    #expect(problems.isEmpty, "\(problems.prefix(5).joined(separator: "; "))")
  }

  @Test(arguments: FileFormat.all.map(\.id)) func `has a specimen`(_ id: String) {
    #expect(Specimens.all.contains { $0.format == id })
  }

  @Test func `has a name of its own`() {
    #expect(Set(FileFormat.all.map(\.id)).count == FileFormat.all.count)
    #expect(Set(FileFormat.all.map(\.name)).count == FileFormat.all.count)
  }
}
