// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Says something to the person, on stderr: data alone goes to stdout.
func talk(_ text: String) {
  FileHandle.standardError.write(Data((text + "\n").utf8))
}

/// Standard output, gathered in pieces: listings are long.
final class Output {
  private var buffer: [UInt8] = []

  func write(_ bytes: [UInt8]) throws {
    buffer += bytes
    if buffer.count >= 0x1_0000 { try flush() }
  }

  func write(_ text: String) throws { try write(Array(text.utf8)) }

  func flush() throws {
    try FileHandle.standardOutput.write(contentsOf: Data(buffer))
    buffer.removeAll(keepingCapacity: true)
  }

  /// Prints an encodable value as one JSON document.
  func writeJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try write(Array(encoder.encode(value)) + [0x0A])
  }
}
