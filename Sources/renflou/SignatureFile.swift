// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import FileFormats
import Foundation
import SignatureScan
import Storage

/// The file that `--signatures` names: our own JSON, or the lists of PhotoRec and foremost.
///
///     {"formats": [{"id": "xyz", "name": "XYZ drawing", "category": "document", "maximumSize": 2000000,
///       "signatures": [{"bytes": "58 59 5A ?? 00", "offset": 0, "alignment": 512}],
///       "footer": "45 4E 44"}]}
struct SignatureFile {
  let formats: [UserFormat]
  /// Tells one content from another.
  let digest: String

  private static let mostFormats = 400

  init(_ path: String) throws {
    guard let bytes = FolderTree.contents(of: path, limit: 1 << 24) else {
      throw Failure(
        status: .noSource,
        what: ("cannot read the signatures", "les signatures sont illisibles"), place: path,
        advice: ("check the path of --signatures", "vérifiez le chemin de --signatures"))
    }
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    formats = try first == 0x7B ? Self.json(bytes, path) : Self.list(bytes, path)
    digest = SHA256.hash(bytes).prefix(8).map { $0 }.hexadecimal
    guard (1...Self.mostFormats).contains(formats.count) else {
      throw Self.failure("it holds \(formats.count) signatures, not 1 to \(Self.mostFormats)", path)
    }
  }

  private static func list(_ bytes: [UInt8], _ path: String) throws -> [UserFormat] {
    var list = SignatureList()
    for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
    {
      do {
        try list.add(line: line)
      } catch {
        throw failure("line \(index + 1): \(error.problem)", path)
      }
    }
    return list.formats
  }

  private static func json(_ bytes: [UInt8], _ path: String) throws -> [UserFormat] {
    do {
      return try JSONDecoder().decode(Document.self, from: Data(bytes)).formats.map {
        try $0.format()
      }
    } catch let error as Malformed {
      throw failure(error.problem, path)
    } catch let error as DecodingError {
      throw failure(words(error), path)
    }
  }

  private static func words(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context): "\(place(context)) “\(key.stringValue)” is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      "\(place(context)) \(context.debugDescription)"
    @unknown default: "it is no JSON of this form"
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
    return path.isEmpty ? "" : path.joined(separator: ".") + ":"
  }

  private static func failure(_ problem: String, _ path: String) -> Failure {
    Failure(
      status: .failed, what: (problem, "signatures mal formées : \(problem)"), place: path,
      advice: (
        "see SIGNATURES in man renflou for the forms that are read",
        "voyez SIGNATURES dans man renflou pour les formes acceptées"
      ))
  }

  private struct Document: Decodable { let formats: [Entry] }

  private struct Entry: Decodable {
    struct Place: Decodable {
      let bytes: String
      let offset: Int?
      let alignment: Int?
    }

    let id: String
    let name: String?
    let category: String?
    let signatures: [Place]
    let footer: String?
    let maximumSize: UInt64?

    func format() throws -> UserFormat {
      guard let category = FileFormat.Category(rawValue: category ?? "document") else {
        let known = FileFormat.Category.allCases.map(\.rawValue).joined(separator: ", ")
        throw Malformed("signature", "\(id): the category is one of \(known)")
      }
      let places = try signatures.map { place in
        let alignment = place.alignment ?? 1
        guard alignment > 0, alignment & (alignment - 1) == 0, alignment <= 0x1_0000 else {
          throw Malformed("signature", "\(id): alignment is a power of two up to 65,536")
        }
        return Signature(
          masked: try elements(place.bytes), at: place.offset ?? 0, alignment: alignment)
      }
      return try UserFormat(
        id: id, name: name ?? id, category: category, signatures: places,
        footer: try elements(footer ?? ""),
        maximumSize: maximumSize.map { ByteCount($0) } ?? UserFormat.usualSize)
    }

    /// "41 4? ?? 0A": two hexadecimal digits a byte, `?` for any digit.
    private func elements(_ text: String) throws -> [Signature.Element] {
      let digits = Array(text.filter { !$0.isWhitespace })
      guard digits.count % 2 == 0 else { throw bad(text) }
      return try stride(from: 0, to: digits.count, by: 2).map { index in
        let (high, low) = (digits[index], digits[index + 1])
        guard let first = high == "?" ? 0 : high.hexDigitValue,
          let second = low == "?" ? 0 : low.hexDigitValue
        else { throw bad(text) }
        return Signature.Element(
          UInt8(first << 4 | second), mask: (high == "?" ? 0 : 0xF0) | (low == "?" ? 0 : 0x0F))
      }
    }

    private func bad(_ text: String) -> Malformed {
      Malformed("signature", "\(id): “\(text)” is not hexadecimal, two digits a byte, ? for any")
    }
  }
}
