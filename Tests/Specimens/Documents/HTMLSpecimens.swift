// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum HTMLSpecimens {
  private static func paragraphs(_ count: Int) -> String {
    (0..<count).map { "<div class=\"c\($0)\"><p>Words &lt; words<br>more 1 < 2</div>\n" }.joined()
  }

  private static let page =
    "<!DOCTYPE html>\r\n<html lang=en><head><title>A boat &amp; a sail</title>\r\n"
    + "<script>if (a</b/) document.write('<div></scr' + 'ipt>');</script>\r\n"
    + "<!-- </html> --></head><body onload=\"a('</html>')\">\r\n" + paragraphs(15)
    + "</body></html>\r\n"

  private static let counted =
    "<HTML><HEAD><TITLE>Old</TITLE></HEAD><BODY>" + paragraphs(10)
    + "</BODY></HTML>\n<!-- counter --><script src=\"x\"></script>\n<p>served by a host</p>\n"

  private static let open =
    "<!doctype HTML public \"-//W3C//DTD HTML 4.0//EN\">\n<title>No end</title>\n" + paragraphs(12)

  private static let strict =
    "<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">"
    + "<body>\n" + paragraphs(12) + "</body>\n</html>"

  static let all: [Specimen] = [
    Specimen(
      .html, ascii(page), label: "page", name: "A boat & a sail",
      wholeCuts: [(page.utf8.count - 2)..<page.utf8.count]),
    Specimen(
      .html, ascii(counted), label: "more behind the end", name: "Old", verdict: .probable,
      wholeCuts: [(counted.utf8.count - 78)..<counted.utf8.count]),
    Specimen(.html, ascii(open), label: "without an end", name: "No end", verdict: .probable),
    Specimen(.html, ascii(strict), label: "XML that is none", type: "html"),
  ]
}
