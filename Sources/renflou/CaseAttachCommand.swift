// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Checksums
import Foundation
import Storage

struct CaseAttachCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attach",
    abstract: "Keep a copy of a file in the case: a photograph, a signed form.")

  @Argument(help: "The folder that holds case.sqlite.")
  var caseFolder: String

  @Argument(help: "The file.")
  var file: String

  @Option(help: "What it shows.")
  var words = ""

  @OptionGroup var output: OutputOptions

  /// Copied at a time.
  private static let piece: ByteCount = 0x40_0000

  func run() throws {
    try reporting(output) {
      let record = try Case.open(at: caseFolder)
      try Custody.note(in: record, source: nil)
      let medium = try FileMedium(path: file)
      let sink = try Sink(folder: caseFolder + "/attachments")
      let name = URL(fileURLWithPath: file).lastPathComponent
      let copy = try sink.create([Array(name.utf8)])
      var hash = SHA256()
      let source = Source(medium)
      var position = source.range.lowerBound
      do {
        while position < source.range.upperBound {
          let end = min(position.advancedClamped(by: Self.piece), source.range.upperBound)
          let bytes = try source.read(at: position, count: (position..<end).length)
          try bytes.withSpan { try copy.write($0) }
          hash.update(bytes)
          position = end
        }
        try copy.finish()
      } catch {
        copy.discard()
        throw error
      }
      let kept = String(decoding: copy.relativePath.last ?? [], as: UTF8.self)
      let digest = hash.finish()
      try record.add(
        Attachment(name: kept, sha256: digest, added: currentTime(), words: words))
      try record.log(
        "attached", "\(kept), sha256 \(digest.hexadecimal)", at: currentTime())
      return .done
    }
  }
}
