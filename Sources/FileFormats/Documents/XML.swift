// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Extensible Markup Language: a declaration, a document type, one element with all the others in
  /// it, each closed by its name.
  ///
  /// What it holds is told by its outermost element: a picture, a property list, a track.
  ///
  /// - Source: W3C, *Extensible Markup Language (XML) 1.0 (Fifth Edition)*, §2 "Documents".
  package static let xml = FileFormat(
    id: "xml", name: "XML document", category: .document,
    extensions: ["xml"] + XMLKind.all,
    otherCategories: [.photo: ["svg", "drawio"]], validation: .grammar,
    signatures: [
      .text("<?xml"), .markedText("<?xml"), .markedText("<!--"), .text("\n<?xml"),
      .text("\r\n<?xml"), .text("\n<svg"), .text("\r\n<svg"), .text("\n\n<svg"),
      Signature([0x3C, 0, 0x3F, 0, 0x78, 0, 0x6D, 0], alignment: 512),
      Signature([0, 0x3C, 0, 0x3F, 0, 0x78, 0, 0x6D], alignment: 512),
    ]
      + Signature.wideText("<?xml")
      + XMLKind.starts.flatMap { [.text($0), .markedText($0)] },
    maximumSize: 0x1_0000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineXML) }, examine: examineXML)

  private static func examineXML(_ file: Source) throws -> Examination {
    var walk = try XMLWalk(file)
    var result = try Examination.walk("xml", file) { try walk.examination() }
    if result.end != .complete, !walk.isConvincing { result.evidence = [] }
    return result
  }
}
