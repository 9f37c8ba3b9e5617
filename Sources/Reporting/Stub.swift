import Bytes
import Case
import Findings
package enum Language: String, Sendable, CaseIterable {
  case english = "en", french = "fr"
  package init(environment: [String: String]) { self = .english }
  package func number(_ n: Int) -> String { "\(n)" }
  package func size(_ count: ByteCount) -> String { "\(count.rawValue)" }
}
package enum TerminalText {
  package static func safe(_ text: String) -> String { text }
  package static func safe(_ text: [UInt8]) -> String { String(decoding: text, as: UTF8.self) }
}
package struct ListJSON {
  let r: Case; let q: Query; package init(_ record: Case, query: Query) { r = record; q = query }
  package func render(_ write: ([UInt8]) throws -> Void) throws {
    try r.each(q) { id, f in
      try write(
        Array(
          "\(id) \(f.verdict) \(f.origin) \(f.size.rawValue) \(String(decoding: try r.path(of: f, id: id), as: UTF8.self)) \(f.evidence)\n"
            .utf8));
      return true
    }
  }
}
package struct ListText {
  let r: ListJSON;
  package init(_ record: Case, query: Query, language: Language) {
    r = ListJSON(record, query: query)
  }
  package func render(_ write: ([UInt8]) throws -> Void) throws { try r.render(write) }
}
package struct SummaryText {
  let r: Case; package init(_ record: Case, language: Language) { r = record }
  package func render(_ write: ([UInt8]) throws -> Void) throws {
    for t in try r.totals(Query(show: .all)) { try write(Array("\(t)\n".utf8)) }
  }
}
package struct ShowText {
  package init(_ record: Case, id: Int64, finding: Finding, language: Language) {}
  package func render(_ write: ([UInt8]) throws -> Void) throws {}
}
package struct ShowJSON {
  package init(_ record: Case, id: Int64, finding: Finding) {}
  package func render(_ write: ([UInt8]) throws -> Void) throws {}
}
package struct HTMLReport {
  package init(_ record: Case, query: Query, language: Language, made: Timestamp) {}
  package func render(_ write: ([UInt8]) throws -> Void) throws {}
}
package struct JSONReport {
  package init(_ record: Case, query: Query) {}
  package func render(_ write: ([UInt8]) throws -> Void) throws {}
}
package struct Manifest {
  package init(_ record: Case) {}
  package func render(_ write: ([UInt8]) throws -> Void) throws {}
}
