// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Reporting
import Synchronization

/// Pages that show the pictures of a delivery and the first pages of its documents.
struct Gallery {
  let files: [DeliveryFile]
  /// The bag.
  let folder: String
  let language: Language
  let thumbnailer: Thumbnailer

  /// So many are shown.
  static let most = 20_000
  /// So many on one page.
  private static let perPage = 200

  /// The name of a page, from 0.
  func name(_ page: Int) -> String {
    let base = language.pick("gallery", "galerie")
    return base + (page == 0 ? "" : "-\(page + 1)") + ".html"
  }

  private var pages: Int { (files.count + Self.perPage - 1) / Self.perPage }

  /// Hands out the pages by name.
  ///
  /// - Parameter check: throws to end the job.
  func render(check: () throws -> Void, _ write: (_ name: String, _ html: String) throws -> Void)
    throws
  {
    for page in 0..<pages {
      let start = page * Self.perPage
      let shown = files[start..<min(start + Self.perPage, files.count)]
      var figures: [String] = []
      var rest = shown
      while !rest.isEmpty {
        try check()
        let batch = Array(rest.prefix(16))
        rest = rest.dropFirst(batch.count)
        figures += zip(batch, thumbnails(of: batch)).map(figure)
      }
      let title = language.pick("Your pictures and documents", "Vos images et documents")
      let html = HTMLPage(
        title: pages > 1 ? "\(title) (\(page + 1)/\(pages))" : title, language: language,
        body: navigation(page) + "<div class=\"g\">" + figures.joined(separator: "\n") + "</div>"
          + navigation(page), style: Self.style
      ).html
      try write(name(page), html)
    }
  }

  private func navigation(_ page: Int) -> String {
    var links = [
      HTMLPage.link(to: ReadMe.name(language), language.pick("Overview", "Sommaire"))
    ]
    if page > 0 {
      links.append(
        HTMLPage.link(to: name(page - 1), language.pick("Page before", "Page précédente")))
    }
    if page + 1 < pages {
      links.append(HTMLPage.link(to: name(page + 1), language.pick("Next page", "Page suivante")))
    }
    return "<p class=\"nav\">" + links.joined(separator: " · ") + "</p>"
  }

  /// Small pictures, each made by a process of its own, as many at a time as there are processors.
  private func thumbnails(of batch: [DeliveryFile]) -> [[UInt8]?] {
    let made = Mutex([[UInt8]?](repeating: nil, count: batch.count))
    DispatchQueue.concurrentPerform(iterations: batch.count) { index in
      let path = folder + "/data/" + batch[index].path
      let picture = thumbnailer.thumbnail(of: path, type: batch[index].type)
      made.withLock { $0[index] = picture }
    }
    return made.withLock { $0 }
  }

  private func figure(_ file: DeliveryFile, _ thumbnail: [UInt8]?) -> String {
    let path = "data/" + file.path
    let name = HTMLText.escaped(file.name)
    let picture: String
    if let thumbnail {
      let data = Data(thumbnail).base64EncodedString()
      picture = "<img alt=\"\" src=\"data:image/jpeg;base64,\(data)\">"
    } else if !thumbnailer.isThere, Thumbnailer.browsed.contains(file.type) {
      picture = "<img alt=\"\" loading=\"lazy\" src=\"\(HTMLPage.address(path))\">"
    } else {
      picture = "<b>\(HTMLText.escaped(file.type.uppercased()))</b>"
    }
    return "<figure>"
      + HTMLPage.link(to: path, "<span class=\"t\">\(picture)</span>")
      + "<figcaption><span class=\"c\">\(name)</span><span class=\"note\">\(language.size(file.size))</span>"
      + "</figcaption></figure>"
  }

  private static let style = """
    body{max-width:none}
    .g{display:grid;grid-template-columns:repeat(auto-fill,minmax(10rem,1fr));gap:1rem}
    figure{margin:0;min-width:0}.c{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;\
    overflow:hidden}.t{display:flex;align-items:center;justify-content:center;height:10rem;\
    background:var(--soft);border-radius:.4rem;overflow:hidden}
    .t img{max-width:100%;max-height:100%;object-fit:contain}
    .t b{font-size:1.4rem;color:GrayText}
    figcaption{font-size:.85rem;line-height:1.3;margin-top:.3rem;overflow-wrap:anywhere}
    @media(max-width:30rem){.g{grid-template-columns:repeat(2,1fr);gap:.7rem}.t{height:8rem}}
    @media print{.nav{display:none}.g{grid-template-columns:repeat(5,1fr);gap:4mm}.t{height:32mm}}

    """
}
