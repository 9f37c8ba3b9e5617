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

  /// The same, but that line feeds break lines.
  static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
      .joined(separator: "<br>")
  }

  static let style = """
    body{font:14px/1.45 system-ui,"DejaVu Sans",sans-serif;color:#111;background:#fff;\
    max-width:64rem;margin:2rem auto;padding:0 1rem}
    h1{font-size:1.6rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .4rem;\
    border-bottom:1px solid #777}
    p{margin:.3rem 0}.q{color:#555}svg{width:100%;height:auto;margin:.4rem 0}
    table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.2rem .5rem;\
    border-bottom:1px solid #ddd;vertical-align:top}\
    .w,p,.q{overflow-wrap:anywhere}
    .f th{width:13rem;font-weight:600}.t th{border-bottom:1px solid #777}
    td.n,th.n{text-align:right;white-space:nowrap}
    .s td{width:50%;height:4.5rem;border:1px solid #777}
    .sheet{font-size:13px;line-height:1.35}.sheet main{display:table;width:100%;margin-top:.5rem}
    .sheet section{display:table-row}.sheet section>h2,.sheet section>div{display:table-cell;\
    vertical-align:top;padding:.35rem .5rem;border:0;border-top:1px solid #999}
    .sheet section>h2{width:9.5rem;font-size:1rem;color:#234}.sheet .f th{width:9rem}\
    .sheet .t th:first-child{width:38%}
    .sheet th,.sheet td{padding:.1rem .4rem}
    @media screen and (max-width:600px){.t thead{display:none}.t tr{display:block;\
    border-bottom:1px solid #777;padding:.3rem 0}.t td{display:block;border:0;text-align:left;\
    white-space:normal}.t td[data-t]:not([data-t=""])::before{content:attr(data-t) " – ";color:#555}\
    .f th,.f td{display:block;width:auto;border:0}.f th{padding-bottom:0}\
    .sheet main,.sheet section,.sheet section>h2,.sheet section>div{display:block;width:auto}\
    .sheet section>h2{margin:.8rem 0 0;padding:.5rem 0 .1rem}\
    .sheet section>div{border:0;padding:0}.sheet th,.sheet td{padding:.1rem 0}}
    @media print{@page{size:A4;margin:12mm}body{margin:0;padding:0;max-width:none;font-size:10px}\
    .sheet{font-size:9.6px;line-height:1.25}.sheet h1{font-size:17px}.sheet p{margin:0 0 .6mm}\
    .sheet section>h2{width:24mm;font-size:10.5px}.sheet section>h2,.sheet section>div{padding:1mm 1.5mm}\
    .sheet .f th{width:28mm}.sheet th,.sheet td{padding:.2mm 1mm}\
    tr{break-inside:avoid}h2{break-after:avoid}\
    thead{display:table-header-group}.s td{height:16mm}}

    """
}
