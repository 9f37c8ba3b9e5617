// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A program of the system that makes a PDF of a page: WeasyPrint, which knows no scripts and prints
/// tables well; else Chromium without a screen.
struct PDFPrinter {
  enum Kind { case weasyPrint, chromium }

  let kind: Kind
  private let path: String

  /// No page takes longer, in seconds; what does is killed.
  private static let limit: TimeInterval = 300

  /// The first that is installed.
  static func installed(path folders: String) -> PDFPrinter? {
    let names: [(Kind, String)] = [
      (.weasyPrint, "weasyprint"), (.chromium, "chromium"), (.chromium, "chromium-browser"),
      (.chromium, "google-chrome"),
    ]
    for (kind, name) in names {
      for folder in folders.split(separator: ":") {
        let path = folder + "/" + name
        if FileManager.default.isExecutableFile(atPath: path) {
          return PDFPrinter(kind: kind, path: path)
        }
      }
    }
    return nil
  }

  /// Prints a page; true where the program says that it did and left a PDF.
  ///
  /// - Parameters:
  ///   - page: a file of HTML, whose name ends so.
  ///   - target: the file that is made.
  ///   - scratch: a folder that the program may fill.
  func print(_ page: String, to target: String, scratch: String) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments(page, target, scratch)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do { try process.run() } catch { return false }
    if ended.wait(timeout: .now() + Self.limit) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      return false
    }
    let start = FileManager.default.contents(atPath: target)?.prefix(5)
    return process.terminationStatus == 0 && start == Data("%PDF-".utf8)
  }

  /// Neither of them may ask a network for anything: the page names nothing outside of it, and Chromium,
  /// which asks on its own account, is given a resolver and a proxy that lead nowhere. (It still opens a
  /// datagram socket to learn whether there is IPv6, and sends nothing through it.)
  func arguments(_ page: String, _ target: String, _ scratch: String) -> [String] {
    switch kind {
    case .weasyPrint: ["--encoding", "utf-8", page, target]
    case .chromium:
      [
        "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-default-apps", "--disable-domain-reliability", "--no-pings",
        "--host-resolver-rules=MAP * ~NOTFOUND", "--proxy-server=http://127.0.0.1:9",
        "--user-data-dir=" + scratch, "--no-pdf-header-footer",
      ]
        // Chromium refuses its sandbox to root.
        + (geteuid() == 0 ? ["--no-sandbox"] : [])
        + ["--print-to-pdf=" + target, URL(fileURLWithPath: page).absoluteString]
    }
  }
}
