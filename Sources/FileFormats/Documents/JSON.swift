// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// JavaScript Object Notation: one value, an object or an array; or several, a line each.
  ///
  /// - Source: RFC 8259; *JSON Lines*, jsonlines.org.
  package static let json = FileFormat(
    id: "json", name: "JSON document", category: .document,
    extensions: ["json", "jsonl", "geojson", "ipynb", "har", "gltf", "map", "webmanifest"],
    validation: .grammar,
    signatures: ["{\"", "{\n", "{\r", "{ ", "{\t", "[{", "[\n", "[\r", "[\"", "[[", "[ "].flatMap {
      [Signature.text($0), .markedText($0)]
    },
    maximumSize: 0x1_0000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineJSON) }, examine: examineJSON)

  private static func examineJSON(_ file: Source) throws -> Examination {
    var walk = try JSONWalk(file)
    var result = try Examination.walk("json", file) { try walk.examination() }
    // A few braces are no JSON.
    if result.end != .complete, walk.members < 8 || walk.isPiece { result.evidence = [] }
    return result
  }
}
