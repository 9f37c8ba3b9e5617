// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A mapfile in words: totals of each status, the largest bad area, where the copy stood.
package struct MapfileSummary {
  private let map: Mapfile
  private let totals: [Mapfile.Status: Mapfile.Total]

  package init(_ map: Mapfile) {
    self.map = map
    totals = map.totals
  }

  private func total(_ status: Mapfile.Status) -> Mapfile.Total {
    totals[status] ?? Mapfile.Total()
  }

  package func text(_ language: Language) -> String {
    let whole = map.extent.length
    let rows = Mapfile.Status.inOrder.map { status in
      let total = total(status)
      return [
        language.word(status), language.exactSize(total.count),
        language.percent(total.count, of: whole),
        language.count(total.areas, ("area", "areas"), ("zone", "zones")),
      ]
    }
    let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
    var lines = rows.map { row in
      [
        ListText.right(row[0], widths[0]), ListText.left(row[1], widths[1]),
        ListText.left(row[2], widths[2]), ListText.left(row[3], widths[3]),
      ].joined(separator: "  ")
    }
    lines.append(
      language.pick("map: ", "carte : ") + language.exactSize(whole)
        + language.pick(" from byte ", " à partir de l'octet ")
        + language.number(map.extent.lowerBound) + ", "
        + language.count(map.blocks.count, ("area", "areas"), ("zone", "zones")))
    if let largest = total(.bad).largest {
      lines.append(
        language.pick("largest bad area: ", "plus grande zone défectueuse : ")
          + language.exactSize(largest.length) + language.pick(" from byte ", " à l'octet ")
          + language.number(largest.lowerBound))
    }
    lines.append(
      language.pick("phase: ", "phase : ") + language.word(activity: map.activity)
        + language.pick(", pass ", ", passe ") + "\(map.pass)"
        + language.pick(", at byte ", ", à l'octet ") + language.number(map.position))
    return lines.joined(separator: "\n") + "\n"
  }

  /// One JSON document.
  package func json() -> [UInt8] {
    var json = JSONText()
    json.open("{")
    json.field("schema", "renflou-map-1")
    json.field("start", map.extent.lowerBound.rawValue)
    json.field("length", map.extent.length.rawValue)
    json.field("areas", map.blocks.count)
    json.field("phase", Mapfile.Status.field(activity: map.activity))
    json.field("pass", map.pass)
    json.field("position", map.position.rawValue)
    json.field("isRescued", map.isRescued)
    json.key("statuses")
    json.open("{")
    for status in Mapfile.Status.inOrder {
      let total = total(status)
      json.key(status.field)
      json.open("{")
      json.field("bytes", total.count.rawValue)
      json.field("areas", total.areas)
      if let largest = total.largest {
        json.field("largestStart", largest.lowerBound.rawValue)
        json.field("largestLength", largest.length.rawValue)
      }
      json.close("}")
    }
    json.close("}")
    json.close("}")
    json.newLine()
    return json.take()
  }
}

extension Language {
  /// A position in bytes.
  func number(_ offset: ByteOffset) -> String { number(Int(clamping: offset.rawValue)) }
}
