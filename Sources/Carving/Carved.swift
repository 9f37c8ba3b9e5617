// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// A file found by its content, before anyone has decided who owns its bytes.
package struct Carved: Sendable {
  package let format: FileFormat
  package let start: ByteOffset
  package let content: [Extent]
  package let examination: Examination
  package let unreadable: ByteCount
  /// False for what is too likely to be a coincidence.
  package var isKept = true
  /// Whether it was put together of pieces, rather than followed over what others use.
  package var isJoined = false

  package var isComplete: Bool { examination.end == .complete && unreadable == 0 }

  package var type: String { examination.type ?? format.id }

  /// The finding that this becomes, under `carved/<category>/<name>.<type>`.
  ///
  /// - Parameter volume: the number of the volume whose space it lies in; 0 for none.
  package func finding(volume: UInt16) -> Finding {
    var evidence = examination.evidence
    if unreadable > 0 { evidence.append(.unreadable(unreadable)) }
    // Where a list of blocks says that it lies so, nothing was skipped or joined by chance.
    if !content.dropFirst().isEmpty, !evidence.contains(.blockListSurvived) {
      evidence.append(
        isJoined ? .piecesJoined(UInt32(clamping: content.count)) : .gapsSkipped(gaps))
    }
    if examination.name != nil { evidence.append(.nameFromContent) }
    return Finding(
      volume: volume, origin: .carve,
      folder: [
        Finding.carvedFolder, RawName(FileFormat.category(ofType: type, else: format).rawValue),
      ],
      name: RawName(fileName), type: type, size: examination.length,
      times: Times(modified: examination.date), content: content, evidence: evidence,
      key: start.rawValue)
  }

  private var gaps: ByteCount {
    guard let first = content.first?.range, let last = content.last?.range else { return 0 }
    return (first.lowerBound..<max(last.upperBound, first.lowerBound)).length
      .subtractingClamped(content.length)
  }

  /// What the content calls itself, then where it was found: unique, and the same in each run. What
  /// begins no sector is a part of something else, as a rule: its place comes first.
  private var fileName: String {
    let sector = String(start.rawValue / 512)
    let place = String(repeating: "0", count: max(0, 10 - sector.count)) + sector
    let odd = start.rawValue % 512 == 0 ? "" : "+\(start.rawValue % 512)"
    guard let title = examination.name.map(Self.tidied), !title.isEmpty
    else { return "\(place)\(odd).\(type)" }
    guard odd.isEmpty else { return "\(place)\(odd) \(title).\(type)" }
    return "\(title) (\(place)).\(type)"
  }

  /// At most 80 characters, without what a path or a terminal would take amiss.
  private static func tidied(_ title: String) -> String {
    let plain = title.unicodeScalars.map { scalar -> Character in
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
        .unassigned:
        return " "
      default:
        return "/\\:*?\"<>|".unicodeScalars.contains(scalar) ? "_" : Character(scalar)
      }
    }
    let words = String(plain).split(separator: " ").joined(separator: " ")
    return String(words.prefix(80))
  }
}
