// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Foundation
import Reporting
import Storage

/// The three documents that lie beside `files/`.
struct ReportFiles {
  let folder: String
  let record: Case
  let language: Language

  static let html = "report.html"
  static let json = "report.json"
  static let manifest = "manifest-sha256.txt"

  /// Whether a folder holds one of them already.
  static func areIn(_ folder: String) -> Bool {
    [html, json, manifest].contains { FileManager.default.fileExists(atPath: folder + "/" + $0) }
  }

  /// Writes all three; each replaces its older self at once, or not at all.
  func write(_ query: Query) throws {
    let request = request(query)
    try replace(Self.html) { try TechnicalReport(request).page().renderHTML($0) }
    try replace(Self.json) { try JSONReport(request).render($0) }
    try replace(Self.manifest) { try Manifest(record).render($0) }
  }

  /// What all of them are asked for.
  func request(_ query: Query) -> ReportRequest {
    ReportRequest(
      record, query: query, language: language, made: currentTime(), version: Renflou.version)
  }

  private func replace(
    _ name: String, _ render: (_ write: @escaping ([UInt8]) throws -> Void) throws -> Void
  ) throws {
    try replaceFile(at: folder + "/" + name, render)
  }
}
