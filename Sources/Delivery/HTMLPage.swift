// SPDX-License-Identifier: Apache-2.0

import Reporting

/// A page that needs nothing but itself and the bag: no script, and no request leaves it.
struct HTMLPage {
  let title: String
  let language: Language
  let body: String
  var style = ""

  /// The policy lets pictures come from the page and from beside it, and nothing from anywhere else.
  private static let policy =
    "default-src 'none'; img-src data: file: 'self'; style-src 'unsafe-inline'; base-uri 'none'; "
    + "form-action 'none'"

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="\(language.rawValue)"><head><meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(Self.policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer"><title>\(HTMLText.escaped(title))</title>
    <style>\(Self.style)\(style)</style></head><body>
    <h1>\(HTMLText.escaped(title))</h1>
    \(body)
    </body></html>

    """
  }

  /// A link to a file of the bag, by its path there.
  static func link(to path: String, _ html: String) -> String {
    "<a href=\"\(address(path))\">\(html)</a>"
  }

  /// A path as an address: all but letters, digits and what separates stands as escapes.
  static func address(_ path: String) -> String {
    let digits = Array("0123456789ABCDEF")
    return path.utf8.map { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
        String(UnicodeScalar(byte))
      default: "%" + String(digits[Int(byte >> 4)]) + String(digits[Int(byte & 15)])
      }
    }.joined()
  }

  private static let style = """
    :root{color-scheme:light dark;--line:#8886;--soft:#8882}
    *{box-sizing:border-box}
    body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem 1rem 4rem}
    h1{font-size:1.7rem;line-height:1.2;margin:.5rem 0 1rem}
    h2{font-size:1.2rem;margin:2.2rem 0 .6rem}
    p{margin:.5rem 0}.note{color:GrayText}
    .big{font-size:1.15rem;padding:1rem;border-radius:.5rem;background:var(--soft)}
    .warn{padding:.8rem 1rem;border-left:.3rem solid #c60;background:var(--soft)}
    table{border-collapse:collapse;width:100%}
    th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--line);\
    vertical-align:top;overflow-wrap:anywhere}
    td.n,th.n{text-align:right;white-space:nowrap;overflow-wrap:normal}
    code{font:.9em ui-monospace,monospace;background:var(--soft);padding:.1em .3em;border-radius:.2em;\
    overflow-wrap:anywhere}
    dt{font-weight:600;margin-top:.6rem}dd{margin:0}
    @media(max-width:30rem){body{font-size:15px}th,td{padding-right:.4rem}}
    @media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:11px}\
    @page{size:A4;margin:15mm}h2{break-after:avoid}tr,li,figure{break-inside:avoid}\
    a{color:inherit;text-decoration:none}.big,.warn{border:1px solid #888}}

    """
}
