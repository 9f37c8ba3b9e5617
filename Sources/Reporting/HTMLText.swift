// SPDX-License-Identifier: Apache-2.0

/// Text made fit for HTML.
package enum HTMLText {
  /// The text with what HTML means something by escaped, and what terminals do made visible.
  package static func escaped(_ text: String) -> String {
    var result = ""
    for character in TerminalText.safe(text) {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.append(character)
      }
    }
    return result
  }

  static let style = """
    body{font:14px/1.45 system-ui,sans-serif;color:#111;max-width:64rem;margin:2rem auto;padding:0 1rem}
    h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #999}
    table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .5rem;\
    border-bottom:1px solid #ddd;vertical-align:top}td.n,th.n{text-align:right;white-space:nowrap}
    td.p{word-break:break-word}svg{width:100%;height:auto}.q{color:#555}
    @media print{body{margin:0;max-width:none;font-size:10px}@page{size:A4;margin:15mm}\
    tr{break-inside:avoid}h2{break-after:avoid}}

    """
}
