// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FileFormats
import Reporting

/// The forms in which a report can be had.
enum ReportForm: String, ExpressibleByArgument, CaseIterable {
  case html, pdf, text, json, csv, dfxml, bodyfile, hashdeep
  case caseUCO = "case-uco"

  /// Whom a page is for.
  enum Reader: String, ExpressibleByArgument, CaseIterable { case client, tech }

  /// What a file of this name holds.
  init(ofFile name: String) {
    let ending = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    switch ending {
    case "json": self = .json
    case "pdf": self = .pdf
    case "csv": self = .csv
    case "dfxml", "xml": self = .dfxml
    case "body", "bodyfile": self = .bodyfile
    case "hashdeep": self = .hashdeep
    case "jsonld": self = .caseUCO
    case "txt", "text": self = .text
    default: self = name == "-" ? .text : .html
    }
  }

  var isForPrograms: Bool {
    switch self {
    case .html, .pdf, .text: false
    case .json, .csv, .dfxml, .bodyfile, .hashdeep, .caseUCO: true
    }
  }

  /// Writes it; for a PDF, the page that is printed.
  func render(
    _ request: ReportRequest, for reader: Reader, _ write: @escaping ([UInt8]) throws -> Void
  ) throws {
    switch self {
    case .html, .pdf: try Self.page(request, reader).renderHTML(write)
    case .text: try Self.page(request, reader).renderText(write)
    case .json: try JSONReport(request).render(write)
    case .csv: try CSVReport(request).render(write)
    case .dfxml: try DFXMLReport(request).render(write)
    case .bodyfile: try Bodyfile(request).render(write)
    case .hashdeep: try HashdeepFile(request).render(write)
    case .caseUCO: try CaseUCOReport(request).render(write)
    }
  }

  private static func page(_ request: ReportRequest, _ reader: Reader) throws -> Page {
    switch reader {
    case .client: try ClientReport(request, kindOf: FileKind.init(ofType:)).page()
    case .tech: try TechnicalReport(request).page()
    }
  }
}

extension FileKind {
  /// The kind of files of a type, by the category of the first format that knows it.
  init(ofType type: String) {
    let category = FileFormat.all.first { $0.id == type || $0.extensions.contains(type) }?
      .category(of: type)
    self = category.flatMap { FileKind(rawValue: $0.rawValue) } ?? .other
  }
}
