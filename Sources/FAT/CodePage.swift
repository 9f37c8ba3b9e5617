// SPDX-License-Identifier: Apache-2.0

/// A character set in which short names are written: that of the system's console where it is western,
/// or that of its windows where a camera or a tool wrote so.
///
/// - Source: Unicode Consortium, `CP437.TXT`, `CP850.TXT`, `CP1252.TXT`.
enum CodePage: CaseIterable, Sendable {
  case cp850, cp437, cp1252

  func scalar(_ byte: UInt8) -> Unicode.Scalar {
    byte < 0x80 ? Unicode.Scalar(byte) : high[Int(byte & 0x7F)]
  }

  /// The set in which all of a name's bytes are letters: this one, or else another.
  func orBetter(for name: [UInt8]) -> CodePage {
    let bytes = name.filter { $0 >= 0x80 }
    guard !bytes.isEmpty else { return self }
    return ([self] + Self.allCases).first { page in
      bytes.allSatisfy { page.scalar($0).properties.isAlphabetic }
    } ?? self
  }

  /// The sets in which a short name is the beginning of the long one that belongs to it; none where
  /// that cannot be told.
  ///
  /// - Parameter isDeleted: whether the first byte is lost.
  static func agreeing(short: [UInt8], isDeleted: Bool, long: String) -> [CodePage] {
    var base = long
    if let dot = base.lastIndex(of: "."), dot != base.startIndex { base = String(base[..<dot]) }
    let letters = Array(
      base.filter { $0 != " " && $0 != "." }.uppercased().unicodeScalars)
    var pages: [CodePage] = []
    var hasHigh = false
    for index in (isDeleted ? 1 : 0)..<min(8, short.count) {
      let byte = short[index]
      guard byte != 0x20, byte != 0x7E, index < letters.count else { break }
      if byte < 0x80 {
        guard byte == 0x5F || Unicode.Scalar(byte) == letters[index] else { break }
      } else {
        if !hasHigh { pages = allCases }
        hasHigh = true
        let letter = String(letters[index])
        pages.removeAll { $0.scalar(byte).properties.uppercaseMapping != letter }
      }
    }
    return pages
  }

  private var high: [Unicode.Scalar] {
    switch self {
    case .cp850: Self.high850
    case .cp437: Self.high437
    case .cp1252: Self.high1252
    }
  }

  private static let high850 = Array(
    ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐"
      + "└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{AD}±‗¾¶§÷¸°¨·¹³²■\u{A0}").unicodeScalars
  )

  private static let high437 = Array(
    ("ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐"
      + "└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}").unicodeScalars)

  private static let high1252 = Array(
    ("€\u{FFFD}‚ƒ„…†‡ˆ‰Š‹Œ\u{FFFD}Ž\u{FFFD}\u{FFFD}‘’“”•–—˜™š›œ\u{FFFD}žŸ\u{A0}¡¢£¤¥¦§¨©ª«¬\u{AD}®¯°±²³´µ¶·¸¹º»¼½¾¿"
      + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ").unicodeScalars)
}

/// How many names spoke for each character set.
struct CodePageVotes: Sendable {
  private var votes: [CodePage: Int] = [:]

  mutating func add(_ pages: [CodePage]) { for page in pages { votes[page, default: 0] += 1 } }

  mutating func add(_ other: CodePageVotes) { votes.merge(other.votes, uniquingKeysWith: +) }

  /// The one that most agree with; of several the first.
  var best: CodePage {
    var best = CodePage.cp850
    for page in CodePage.allCases where votes[page, default: 0] > votes[best, default: 0] {
      best = page
    }
    return best
  }
}
