// SPDX-License-Identifier: Apache-2.0

/// What an XML document is, by its outermost element.
enum XMLKind {
  /// How documents begin that go without a declaration; what else begins so is refused.
  static let starts = [
    "<!--", "<!DOCTYPE ", "<?wpl", "<?zpl", "<svg", "<plist", "<gpx", "<kml", "<rss", "<feed",
    "<opml", "<Project", "<project", "<FictionBook", "<COLLADA", "<X3D", "<mxfile", "<score-part",
    "<playlist", "<TEI", "<xsl:styles", "<xs:schema", "<xsd:schema", "<w:wordDoc", "<osm",
    "<x:xmpmeta", "<configuration>", "<mxGraphModel",
  ]

  private static let kinds: [String: String] = [
    "svg": "svg", "plist": "plist", "gpx": "gpx", "kml": "kml", "html": "html", "rss": "rss",
    "RDF": "rdf", "feed": "atom", "opml": "opml", "FictionBook": "fb2", "COLLADA": "dae",
    "X3D": "x3d", "playlist": "xspf", "score-partwise": "musicxml", "score-timewise": "musicxml",
    "stylesheet": "xsl", "transform": "xsl", "schema": "xsd", "mxfile": "drawio",
    "mxGraphModel": "drawio", "TrainingCenterDatabase": "tcx", "xliff": "xlf", "osm": "osm",
    "math": "mml", "definitions": "wsdl", "tt": "ttml", "smil": "smil", "asx": "asx",
    "xmpmeta": "xmp",
    "jnlp": "jnlp", "Wix": "wxs", "abiword": "abw", "ui": "ui", "nvf": "xml",
  ]

  /// Roots that are taken at their word where no declaration stands.
  private static let plainRoots: Set<String> = [
    "Project", "project", "TEI", "wordDocument", "configuration",
  ]

  private static let flatDocuments = [
    "application/vnd.oasis.opendocument.text": "fodt",
    "application/vnd.oasis.opendocument.spreadsheet": "fods",
    "application/vnd.oasis.opendocument.presentation": "fodp",
    "application/vnd.oasis.opendocument.graphics": "fodg",
  ]

  /// All extensions beside the plain one.
  static let all = Set(kinds.values).union(flatDocuments.values).subtracting(["xml"]).sorted()

  /// The type of a document.
  ///
  /// - Parameters:
  ///   - root: the outermost element's name, without its prefix.
  ///   - attributes: that element's.
  static func type(root: String, attributes: [String: String]) -> String {
    if root == "document", let type = attributes["office:mimetype"] {
      return flatDocuments[type] ?? "xml"
    }
    return kinds[root] ?? "xml"
  }

  /// Whether a document without a declaration may have this outermost element.
  static func isKnown(root: String) -> Bool {
    kinds[root] != nil || plainRoots.contains(root)
  }
}
