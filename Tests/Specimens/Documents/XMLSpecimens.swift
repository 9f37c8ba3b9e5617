// SPDX-License-Identifier: Apache-2.0

import FileFormats
import Findings

enum XMLSpecimens {
  private static func shapes(_ count: Int) -> String {
    (0..<count).map { "  <g id=\"g\($0)\"><path d='M \($0) 0 L 7 \($0) Z'/>\n  </g>\n" }.joined()
  }

  private static let picture =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE svg [\n  <!ENTITY ns 'http://a>b'>\n]>\n"
    + "<!-- > -- not the end -> -->\n<svg xmlns=\"http://www.w3.org/2000/svg\">\n"
    + "  <title>A boat &amp; a sail</title>\n<style><![CDATA[ a > b { } ]] > ]]></style>\n"
    + shapes(20) + "</svg>\n"

  private static let list =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<!DOCTYPE plist PUBLIC "
    + "\"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\r\n"
    + "<plist version=\"1.0\">\r\n<dict>\r\n"
    + (0..<30).map { "\t<key>k\($0)</key>\r\n\t<string>\($0 * 7)</string>\r\n" }.joined()
    + "</dict>\r\n</plist>\r\n\r\n"

  private static let track =
    "<gpx version=\"1.1\"><metadata><name>Round the lake</name>"
    + "<time>2024-02-03T05:06:07+01:00</time></metadata><trk><trkseg>"
    + (0..<40).map { "<trkpt lat=\"4\($0 % 10).5\" lon=\"7.\($0)\"/>\n" }.joined()
    + "</trkseg></trk></gpx>"

  private static let wide: [UInt8] =
    [0xFF, 0xFE]
    + ("<?xml version=\"1.0\" encoding=\"UTF-16\"?>\n<a>\n"
    + (0..<40).map { "<b>\u{E9}\u{1F600} \($0)</b>\n" }.joined() + "</a>\n").utf16
    .flatMap { little($0) }

  private static let latin: [UInt8] =
    ascii("<?xml version='1.0' encoding='ISO-8859-1'?>\n<?xml-stylesheet href='a'?>\n<a>")
    + (0..<40).flatMap { ascii("<b c='\($0)'>") + [0xE9, 0xFC] + ascii("</b>\n") }
    + ascii("</a>\n<!-- written by hand -->\n<?done?>\n")

  /// A list that ends with its sector.
  private static var full: [UInt8] {
    let head = ascii("<?xml version=\"1.0\"?>\n<a>")
    return head + [UInt8](repeating: 0x78, count: 1024 - head.count - 5) + ascii("</a>\n")
  }

  static let all: [Specimen] = [
    Specimen(
      .xml, ascii(picture), label: "picture", type: "svg", name: "A boat & a sail",
      wholeCuts: [(picture.utf8.count - 1)..<picture.utf8.count]),
    Specimen(
      .xml, ascii(list), label: "property list", type: "plist",
      wholeCuts: [(list.utf8.count - 4)..<list.utf8.count]),
    Specimen(
      .xml, ascii(track), label: "track without declaration", type: "gpx", name: "Round the lake",
      date: Timestamp(year: 2024, month: 2, day: 3, hour: 4, minute: 6, second: 7)),
    Specimen(.xml, wide, label: "UTF-16", wholeCuts: [(wide.count - 2)..<wide.count]),
    Specimen(
      .xml, latin, label: "Latin-1, more behind the end",
      wholeCuts: [(latin.count - 43)..<latin.count]),
    Specimen(
      .xml, full, label: "a whole number of sectors", wholeCuts: [1023..<1024], endsAlone: false),
    Specimen(
      .xml, [0xEF, 0xBB, 0xBF] + ascii("<Project Sdk=\"A\">\n" + shapes(10) + "</Project>"),
      label: "byte order mark", type: "xml"),
  ]
}
