// SPDX-License-Identifier: Apache-2.0

import Case
import Findings

/// `ls --json`: one document, a finding a line.
package struct ListJSON {
  private let record: Case
  private let query: Query

  package init(_ record: Case, query: Query) {
    self.record = record
    self.query = query
  }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    let paths = try PathNames(record)
    var json = JSONText()
    json.open("{")
    json.field("schema", "renflou-list-1")
    json.key("findings")
    json.open("[")
    try record.each(query) { id, finding in
      json.newLine()
      json.open("{")
      json.fields(of: finding, id: id, path: paths.path(of: finding, id: id))
      json.close("}")
      if json.bytes.count > 0x1_0000 { try write(json.take()) }
      return true
    }
    json.close("]")
    json.close("}")
    json.newLine()
    try write(json.take())
  }
}
