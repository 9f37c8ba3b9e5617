// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// `report.json`: the whole job for programs, a file a line.
package struct JSONReport {
  private let request: ReportRequest
  private let record: Case
  private let query: Query

  package init(_ request: ReportRequest) {
    self.request = request
    record = request.record
    query = request.query
  }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    let job = try record.job()
    var json = JSONText()
    json.open("{")
    json.field("schema", "renflou-report-1")
    json.key("source")
    json.open("{")
    json.field("name", try request.source())
    json.field("length", job.sourceLength.rawValue)
    json.field("serial", job.serial)
    json.field("options", request.pseudonyms.text(job.options))
    json.field("scanStarted", job.started)
    json.field("scanFinished", job.finished)
    json.field("version", job.version)
    json.close("}")
    json.newLine()
    try volumes(&json)
    json.newLine()
    json.ranges("unread", Array(try record.defects().ranges))
    json.newLine()
    try classes(&json)
    json.field("hitsPassedOver", try record.hitsPassedOver())
    json.field("candidatesCutShort", try record.candidatesCutShort())
    json.newLine()
    try totals(&json)
    json.newLine()
    json.key("files")
    json.open("[")
    try request.eachFile(all: true) { file in
      json.newLine()
      json.open("{")
      json.fields(of: file.finding, id: file.id, path: file.path)
      if let written = file.written { json.fields(of: written) }
      json.close("}")
      if json.bytes.count > 0x1_0000 { try write(json.take()) }
    }
    json.close("]")
    json.close("}")
    json.newLine()
    try write(json.take())
  }

  private func volumes(_ json: inout JSONText) throws {
    json.key("volumes")
    json.open("[")
    for volume in try record.volumes() {
      json.open("{")
      json.field("number", Int(volume.number))
      json.field(
        "folder",
        String(decoding: request.pseudonyms.name(Array(volume.folder.utf8)), as: UTF8.self))
      json.field("kind", volume.kind)
      json.field(
        "label",
        String(decoding: request.pseudonyms.name(Array(volume.label.utf8)), as: UTF8.self))
      json.field("start", volume.start.rawValue)
      json.field("length", volume.length.rawValue)
      json.field("clusterSize", volume.clusterSize.rawValue)
      json.field("isAllocationSound", volume.isAllocationSound)
      json.field("isInForce", volume.isInForce)
      json.key("remarks")
      json.open("[")
      for remark in volume.remarks { json.value(remark) }
      json.close("]")
      json.close("}")
    }
    json.close("]")
  }

  /// How many bytes look like what.
  private func classes(_ json: inout JSONText) throws {
    let totals = try record.classTotals()
    json.key("blocks")
    json.open("{")
    func put(_ key: StaticString, _ kind: BlockClass) {
      json.field(key, (totals[kind] ?? 0).rawValue)
    }
    put("zero", .zero)
    put("constant", .constant)
    put("text", .text)
    put("dense", .dense)
    put("other", .other)
    json.close("}")
  }

  private func totals(_ json: inout JSONText) throws {
    json.key("totals")
    json.open("[")
    for total in try record.totals(query) {
      json.open("{")
      json.field("origin", JSONText.word(total.origin))
      json.field("type", total.type)
      json.field("verdict", total.verdict.word)
      json.field("count", total.count)
      json.field("bytes", total.bytes.rawValue)
      json.close("}")
    }
    json.close("]")
  }
}

extension JSONText {
  /// How a file was written, inside its object.
  fileprivate mutating func fields(of written: WrittenRecord) {
    key("written")
    open("{")
    field("outcome", "\(written.outcome)")
    if written.outcome != .known {
      field("path", "files/" + String(decoding: written.path, as: UTF8.self))
    }
    field("sha256", hexadecimal(written.sha256))
    field("size", written.size.rawValue)
    field("missing", written.missing.rawValue)
    field("verdict", written.verdict.word)
    close("}")
  }
}
