// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum JSONSpecimens {
  private static let object =
    "{\n  \"name\": \"A boat\",\n  \"sails\": [1, -0.5e+7, true, null, {}, [],"
    + " \"\\u00e9 \\\"}]\"],\n"
    + (0..<30).map { "  \"k\($0)\": {\"a\": \($0)}" }.joined(separator: ",\n") + "\n}\n"

  private static let places =
    "{\"type\":\"FeatureCollection\",\"features\":["
    + (0..<20).map { "{\"type\":\"Feature\",\"n\":\($0)}" }.joined(separator: ",") + "]}"

  private static let lines =
    (0..<40).map { "{\"line\": \($0), \"text\": \"some {words\"}\n" }.joined()

  private static let notebook =
    "{\r\n \"cells\": [\r\n"
    + (0..<15).map { "  {\"cell_type\": \"code\", \"n\": \($0)}" }.joined(separator: ",\r\n")
    + "],\r\n \"nbformat\": 4, \"nbformat_minor\": 5\r\n}"

  static let all: [Specimen] = [
    Specimen(
      .json, ascii(object), label: "object", type: "json", name: "A boat",
      wholeCuts: [(object.utf8.count - 1)..<object.utf8.count]),
    Specimen(.json, ascii(places), label: "places", type: "geojson"),
    Specimen(
      .json, ascii(lines), label: "lines", type: "jsonl", verdict: .probable,
      wholeCuts: [34..<36]),
    Specimen(.json, ascii(notebook), label: "notebook", type: "ipynb"),
    Specimen(
      .json, ascii("[\n" + (0..<200).map { "\($0)" }.joined(separator: ",\n") + "\n]"),
      label: "array", type: "json"),
  ]
}
