// SPDX-License-Identifier: Apache-2.0

import FileFormats

enum MBOXSpecimens {
  private static func message(_ number: Int) -> String {
    "From a@example.org Sat Feb  3 04:05:0\(number) 2024\nFrom: A <a@example.org>\n"
      + "Message-ID: <\(number)@example.org>\nSubject: \(number)\n\n"
      + (0..<12).map { "Words and words, line \($0).\n" }.joined() + ">From the start\n\n"
  }

  static let all: [Specimen] = [
    Specimen(.mbox, ascii((0..<4).map(message).joined()), verdict: .probable)
  ]
}
