// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum OldOfficeSpecimens {
  private static func record(_ kind: UInt16, _ data: [UInt8]) -> [UInt8] {
    little(kind) + little(UInt16(data.count)) + data
  }

  private static func cells(_ kind: UInt16) -> [UInt8] {
    (0..<40).flatMap { record(kind, junk(13, seed: UInt64($0))) }
  }

  private static let lotus = DocumentBytes.joined(
    record(0, [6, 4]), record(6, zeros(8)), record(0x2F, [1]), cells(0x0E), record(1, []))
  private static let release3 = DocumentBytes.joined(
    record(0, [0, 0x10, 4, 0] + zeros(22)), cells(0x17), record(1, []))
  private static let quattro = DocumentBytes.joined(
    record(0, [0x20, 0x51]), record(6, zeros(8)), record(0x2F, [1]), record(2, [0]), cells(0x0E),
    record(1, []))
  private static let excel4 = DocumentBytes.joined(
    record(0x0409, [0, 0, 0x10, 0, 0, 0]), record(0x42, [1, 0]), record(0x31, zeros(12)),
    record(0x0E, [1, 0]), cells(0x0203), record(0x0A, []))
  private static let excel2 = DocumentBytes.joined(
    record(0x0009, [7, 0, 0x10, 0]), record(0x42, [1, 0]), record(0x0E, [1, 0]),
    record(0x0C, [1, 0]), cells(0x03), record(0x0A, []))

  /// Text of 300 letters, a page of formats for letters and one for paragraphs.
  private static let write: [UInt8] = {
    let text = Array(ascii(String(repeating: "A letter home. ", count: 20)).prefix(300))
    let pages = [5, 6, 6, 6, 6, 6].flatMap { little(UInt16($0)) }
    let head = DocumentBytes.joined(
      [0x31, 0xBE, 0, 0, 0, 0xAB], zeros(8), little(UInt32(428)), pages, zeros(66),
      little(UInt16(7)), zeros(30))
    let formats = DocumentBytes.joined(
      little(UInt32(128)), little(UInt32(428)), [0xFF, 0xFF], zeros(117), [1])
    return DocumentBytes.joined(head, text, zeros(84), formats, formats, junk(128))
  }()

  private static let perfect: [UInt8] = {
    let function = DocumentBytes.joined(
      [0xD4, 1], little(UInt16(40)), junk(33), little(UInt16(40)), [0xD4])
    let line = DocumentBytes.joined(ascii("A letter home."), [0xF1, 0, 0, 0, 0xF1], function)
    let text = [[UInt8]](repeating: line, count: 20).flatMap { $0 }
    return DocumentBytes.joined(
      [0xFF], ascii("WPC"), little(UInt32(64)), [1, 0x0A, 2, 1], zeros(8),
      little(UInt32(64 + text.count)), zeros(40), text)
  }()

  private static let inDesign: [UInt8] = {
    let master: [UInt8] = [
      6, 6, 0xED, 0xF5, 0xD8, 0x1D, 0x46, 0xE5, 0xBD, 0x31, 0xEF, 0xE7, 0xFE, 0x74, 0xB7, 0x1D,
    ]
    let start: [UInt8] = [
      0xDE, 0x39, 0x39, 0x79, 0x51, 0x88, 0x4B, 0x6C, 0x8E, 0x63, 0xEE, 0xF8, 0xAE, 0xE0, 0xDD,
      0x38,
    ]
    let end: [UInt8] = [
      0xFD, 0xCE, 0xDB, 0x70, 0xF7, 0x86, 0x4B, 0x4F, 0xA4, 0xD3, 0xC7, 0x28, 0xB3, 0x41, 0x71, 6,
    ]
    func page(_ sequence: UInt64, _ count: UInt32) -> [UInt8] {
      DocumentBytes.joined(
        master, ascii("DOCUMENT"), [1], zeros(239), little(sequence), zeros(8), little(count),
        zeros(4096 - 284))
    }
    let xmp = ascii(
      "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">A poster</rdf:li></rdf:Alt></dc:title>")
    return DocumentBytes.joined(
      page(3, 2), page(4, 3), junk(4096), start, zeros(8), little(UInt32(xmp.count)), zeros(4), xmp,
      end, zeros(16))
  }()

  static let all = [
    Specimen(.lotus, lotus, type: "wk1", verdict: .probable, boundaries: [6, 18]),
    Specimen(.lotus, release3, label: "release 3", type: "wk3", verdict: .probable),
    Specimen(.quattro, quattro, type: "wq1", verdict: .probable, boundaries: [6, 18]),
    Specimen(.biff, excel4, label: "Excel 4", type: "xls", verdict: .probable),
    Specimen(.biff, excel2, label: "Excel 2", type: "xls", verdict: .probable),
    Specimen(.windowsWrite, write, verdict: .intact, boundaries: [128, 428, 512, 640]),
    Specimen(.wordPerfect, perfect, verdict: .intact, boundaries: [64]),
    Specimen(
      .inDesign, inDesign, name: "A poster", verdict: .probable, boundaries: [4096, 8192, 12288]),
  ]
}
