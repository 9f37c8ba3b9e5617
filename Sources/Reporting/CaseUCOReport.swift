// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Checksums
import Findings

/// A case as a graph of CASE and UCO in JSON-LD: the tool, what it did with which source, and the files
/// that came of it, with where they were on it.
///
/// - Source: CASE Ontology 1.3 and Unified Cyber Ontology 1.3, `uco-observable`, `uco-action`,
///   `case-investigation`.
package struct CaseUCOReport {
  private let request: ReportRequest
  /// What makes the names of this case's nodes its own.
  private let key: [UInt8]

  package init(_ request: ReportRequest) throws {
    self.request = request
    key = try request.record.logLines().first?.hash ?? []
  }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    var json = JSONText()
    json.open("{")
    json.key("@context")
    json.open("{")
    for (prefix, address) in Self.context { json.field(prefix, address) }
    json.close("}")
    json.newLine()
    json.key("@graph")
    json.open("[")
    try about(&json)
    try request.eachFile { file in
      json.newLine()
      try node(file, &json)
      try relation(file, &json)
      if json.bytes.count > 0x1_0000 { try write(json.take()) }
    }
    json.close("]")
    json.close("}")
    json.newLine()
    try write(json.take())
  }

  private static let context: [(StaticString, String)] = [
    ("case-investigation", "https://ontology.caseontology.org/case/investigation/"),
    ("kb", "urn:uuid:"),
    ("uco-action", "https://ontology.unifiedcyberontology.org/uco/action/"),
    ("uco-core", "https://ontology.unifiedcyberontology.org/uco/core/"),
    ("uco-observable", "https://ontology.unifiedcyberontology.org/uco/observable/"),
    ("uco-tool", "https://ontology.unifiedcyberontology.org/uco/tool/"),
    ("uco-types", "https://ontology.unifiedcyberontology.org/uco/types/"),
    ("uco-vocabulary", "https://ontology.unifiedcyberontology.org/uco/vocabulary/"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
  ]

  /// The tool, the source and what was done.
  private func about(_ json: inout JSONText) throws {
    let job = try request.record.job()
    json.node(name("tool"), "uco-tool:Tool")
    json.field("uco-core:name", "renflou")
    json.field("uco-tool:version", request.version)
    json.close("}")
    json.newLine()
    json.node(name("source"), job.serial.isEmpty ? "uco-observable:Image" : "uco-observable:Device")
    try json.facet(name("source file"), "uco-observable:FileFacet") { json in
      json.field("uco-observable:filePath", try request.source())
      json.typed("uco-observable:sizeInBytes", "xsd:integer", "\(job.sourceLength.rawValue)")
    }
    json.close("}")
    json.newLine()
    json.node(name("scan"), "case-investigation:InvestigativeAction")
    json.field("uco-core:name", "scan")
    if let started = job.started {
      json.typed("uco-action:startTime", "xsd:dateTime", CivilTime(started).iso)
    }
    if let finished = job.finished {
      json.typed("uco-action:endTime", "xsd:dateTime", CivilTime(finished).iso)
    }
    json.reference("uco-action:instrument", name("tool"))
    json.reference("uco-action:object", name("source"))
    json.reference("uco-action:result", name("record"))
    json.close("}")
    json.newLine()
    json.node(name("record"), "case-investigation:ProvenanceRecord")
    json.field("uco-core:description", "files found on the source")
    json.reference("uco-core:object", name("source"))
    json.close("}")
  }

  private func node(_ file: ReportedFile, _ json: inout JSONText) throws {
    json.node(name("file \(file.id)"), "uco-observable:File")
    json.key("uco-core:hasFacet")
    json.open("[")
    json.node(name("file \(file.id) names"), "uco-observable:FileFacet")
    let path = String(decoding: file.path, as: UTF8.self)
    json.field("uco-observable:fileName", String(path.split(separator: "/").last ?? ""))
    json.field("uco-observable:filePath", path)
    json.typed("uco-observable:sizeInBytes", "xsd:integer", "\(file.finding.size.rawValue)")
    json.field(
      "uco-observable:allocationStatus", file.finding.isDeleted ? "unallocated" : "allocated")
    let times = file.finding.times
    for (key, moment) in [
      ("uco-observable:observableCreatedTime", times.created),
      ("uco-observable:modifiedTime", times.modified),
      ("uco-observable:metadataChangeTime", times.changed),
      ("uco-observable:accessedTime", times.accessed),
    ] as [(StaticString, Timestamp?)] {
      if let moment { json.typed(key, "xsd:dateTime", CivilTime(moment).iso) }
    }
    json.close("}")
    if let written = file.written {
      json.node(name("file \(file.id) content"), "uco-observable:ContentDataFacet")
      json.typed("uco-observable:sizeInBytes", "xsd:integer", "\(written.size.rawValue)")
      json.key("uco-observable:hash")
      json.open("[")
      json.node(name("file \(file.id) hash"), "uco-types:Hash")
      json.typed("uco-types:hashMethod", "uco-vocabulary:HashNameVocab", "SHA256")
      json.typed("uco-types:hashValue", "xsd:hexBinary", hexadecimal(written.sha256))
      json.close("}")
      json.close("]")
      json.close("}")
    }
    json.close("]")
    json.close("}")
  }

  /// Where the file came from.
  private func relation(_ file: ReportedFile, _ json: inout JSONText) throws {
    json.newLine()
    json.node(name("file \(file.id) origin"), "uco-observable:ObservableRelationship")
    json.reference("uco-core:source", name("file \(file.id)"))
    json.reference("uco-core:target", name("source"))
    json.field("uco-core:kindOfRelationship", "Recovered_From")
    json.typed("uco-core:isDirectional", "xsd:boolean", "true")
    json.key("uco-core:hasFacet")
    json.open("[")
    for (index, range) in file.finding.content.mediumRanges.enumerated() {
      json.node(name("file \(file.id) range \(index)"), "uco-observable:DataRangeFacet")
      json.typed("uco-observable:rangeOffset", "xsd:integer", "\(range.lowerBound.rawValue)")
      json.typed("uco-observable:rangeSize", "xsd:integer", "\(range.length.rawValue)")
      json.close("}")
    }
    json.close("]")
    json.close("}")
  }

  /// A node's name, the same in all reports of a case: a UUID of version 8.
  private func name(_ what: String) -> String {
    var bytes = Array(SHA256.hash(key + Array(what.utf8)).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    let digits = Array(hexadecimal(bytes))
    return "kb:"
      + [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
      .joined(separator: "-")
  }
}

extension JSONText {
  /// Opens an object that has a name and a type.
  fileprivate mutating func node(_ name: String, _ type: String) {
    open("{")
    field("@id", name)
    field("@type", type)
  }

  fileprivate mutating func facet(
    _ name: String, _ type: String, _ fields: (inout JSONText) throws -> Void
  ) rethrows {
    key("uco-core:hasFacet")
    open("[")
    node(name, type)
    try fields(&self)
    close("}")
    close("]")
  }

  fileprivate mutating func typed(_ name: StaticString, _ type: String, _ text: String) {
    key(name)
    open("{")
    field("@type", type)
    field("@value", text)
    close("}")
  }

  fileprivate mutating func reference(_ name: StaticString, _ node: String) {
    key(name)
    open("{")
    field("@id", node)
    close("}")
  }
}
