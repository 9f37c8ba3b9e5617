// SPDX-License-Identifier: Apache-2.0

import Foundation
import Health

/// Makes small pictures with programs that it finds: vipsthumbnail (libvips) for pictures, pdftoppm
/// (poppler) for first pages. Each file has a process of its own, with a limit on its memory and time:
/// recovered files are hostile.
package struct Thumbnailer: Sendable {
  private let vips: String?
  private let poppler: String?
  private let limiter: [String]

  /// The longer side, in pixels: sharp at half of it on a fine screen.
  private static let side = 320
  /// In seconds.
  private static let longest = 20.0

  /// Looks for the programs.
  ///
  /// - Parameter searchPath: folders with colons between them, as in `PATH`.
  package init(searchPath: String) {
    func find(_ name: String) -> String? {
      (searchPath.split(separator: ":").map(String.init) + ["/usr/bin", "/usr/local/bin"]).lazy
        .filter { $0.hasPrefix("/") }.map { $0 + "/" + name }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
    vips = find("vipsthumbnail").flatMap { Self.writesToOutput($0) ? $0 : nil }
    poppler = find("pdftoppm")
    var limiter: [String] = []
    // Loaders that libvips itself calls unfit for untrusted files stay shut.
    if let env = find("env") { limiter += [env, "VIPS_BLOCK_UNTRUSTED=1", "VIPS_CONCURRENCY=1"] }
    if let prlimit = find("prlimit") {
      limiter += [prlimit, "--as=2147483648", "--cpu=\(Int(Self.longest))", "--core=0", "--"]
    }
    self.limiter = limiter
  }

  /// No program at all: pages show pictures as they are.
  init() { (vips, poppler, limiter) = (nil, nil, []) }

  /// Whether pictures can be made smaller; where not, a page shows them as they are.
  var isThere: Bool { vips != nil }

  /// Whether a gallery shows a file.
  static func shows(_ file: DeliveryFile) -> Bool {
    pictures.contains(file.type) || file.type == "pdf"
  }

  /// Types that a browser shows by itself.
  static let browsed: Set<String> = ["jpg", "jpeg", "png", "gif", "webp", "bmp", "avif"]

  private static let pictures = browsed.union(["tif", "tiff", "heic", "heif", "jp2", "jxl"])

  /// A small JPEG of a picture, or of a document's first page; nil where none can be made.
  ///
  /// - Parameter path: absolute.
  func thumbnail(of path: String, type: String) -> [UInt8]? {
    let side = String(Self.side)
    let command: [String]
    if type == "pdf" {
      guard let poppler else { return nil }
      command = [
        poppler, "-f", "1", "-l", "1", "-singlefile", "-scale-to", side, "-jpeg", path,
      ]
    } else {
      guard let vips else { return nil }
      command = [vips, path, "-s", side, "-o", ".jpg[Q=72,strip]"]
    }
    let all = limiter + command
    guard
      case .printed(let output) = BoundedProcess.run(
        all[0], Array(all.dropFirst()), limit: Self.longest),
      output.starts(with: [0xFF, 0xD8, 0xFF])
    else { return nil }
    return output
  }

  /// Before 8.11 a name that begins with a dot was a file's.
  private static func writesToOutput(_ path: String) -> Bool {
    guard case .printed(let output) = BoundedProcess.run(path, ["--version"], limit: 5) else {
      return false
    }
    let numbers = String(decoding: output, as: UTF8.self).split(separator: "-").last?
      .split(separator: ".").compactMap { Int($0.prefix { $0.isNumber }) }
    guard let numbers, numbers.count >= 2 else { return false }
    return (numbers[0], numbers[1]) >= (8, 11)
  }
}
