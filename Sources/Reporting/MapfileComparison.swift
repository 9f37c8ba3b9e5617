// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Where two mapfiles differ, in words.
package struct MapfileComparison {
  private let differences: [Mapfile.Difference]

  package init(_ map: Mapfile, with other: Mapfile) { differences = map.differences(from: other) }

  package var isSame: Bool { differences.isEmpty }

  package func render(_ language: Language, _ write: ([UInt8]) throws -> Void) throws {
    var count: ByteCount = 0
    for difference in differences {
      count = count.addingClamped(difference.range.length)
      let line =
        language.pick("byte ", "octet ") + language.number(difference.range.lowerBound) + ", "
        + language.exactSize(difference.range.length) + language.pick(": ", " : ")
        + word(difference.mine, language) + language.pick(" here, ", " ici, ")
        + word(difference.theirs, language) + language.pick(" there", " là")
      try write(Array((line + "\n").utf8))
    }
    let sum =
      isSame
      ? language.pick("the maps are the same", "les cartes sont identiques")
      : language.pick("the maps differ in ", "les cartes diffèrent sur ")
        + language.exactSize(count)
        + ", " + language.count(differences.count, ("range", "ranges"), ("plage", "plages"))
    try write(Array((sum + "\n").utf8))
  }

  private func word(_ status: Mapfile.Status?, _ language: Language) -> String {
    status.map(language.word) ?? language.pick("not mentioned", "pas mentionné")
  }

  package func renderJSON(_ write: ([UInt8]) throws -> Void) throws {
    var json = JSONText()
    json.open("{")
    json.field("schema", "renflou-map-compare-1")
    json.field("isSame", isSame)
    json.key("differences")
    json.open("[")
    for difference in differences {
      json.newLine()
      json.open("{")
      json.field("start", difference.range.lowerBound.rawValue)
      json.field("length", difference.range.length.rawValue)
      if let mine = difference.mine { json.field("here", mine.field.description) }
      if let theirs = difference.theirs { json.field("there", theirs.field.description) }
      json.close("}")
      if json.bytes.count > 0x1_0000 { try write(json.take()) }
    }
    json.close("]")
    json.close("}")
    json.newLine()
    try write(json.take())
  }
}
