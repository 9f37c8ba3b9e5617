// SPDX-License-Identifier: Apache-2.0

import Case
import Checksums
import Foundation
import Storage

/// A signature of the log as it was up to a line, in the case's folder `signatures`: a statement, and
/// beside it what `ssh-keygen -Y sign` made of it.
///
/// - Source: OpenSSH, ssh-keygen(1), "-Y sign", "-Y check-novalidate".
struct LogSignature {
  enum Standing: Equatable {
    /// Made by the key with this fingerprint, over the log as it is.
    case holds(key: String)
    /// The signature is no true one, or not of this statement.
    case isFalse
    /// The log up to that line is not what was signed.
    case ofAnotherLog
    /// ssh-keygen is not installed.
    case cannotBeChecked
  }

  static let folder = "signatures"
  private static let namespace = "renflou-log"

  let line: Int
  let standing: Standing

  /// The kind and fingerprint of the key, where the signature holds.
  var key: String? { if case .holds(let key) = standing { key } else { nil } }

  /// Whether it was checked, and does not hold.
  var isRefuted: Bool { [.isFalse, .ofAnotherLog].contains(standing) }

  /// Signs the log as it is now; ssh-keygen asks for a passphrase itself.
  static func sign(_ record: Case, key: String) throws -> Int {
    guard let last = try record.logLines().last, try record.logFault() == nil else {
      throw failure(
        ("the log does not hold, or is empty", "le journal ne tient pas, ou est vide"),
        record.folder, ("see: renflou verify --log", "voyez\u{202F}: renflou verify --log"))
    }
    let folder = record.folder + "/" + Self.folder
    _ = try Sink(folder: folder)
    let path = folder + "/" + name(last.number)
    try replaceFile(at: path) { try $0(Array(statement(last).utf8)) }
    removeFile(path + ".sig")
    let (status, _) = run(["-Y", "sign", "-q", "-f", key, "-n", namespace, path], input: nil)
    guard status == 0, SystemFiles().status(path + ".sig") != nil else {
      removeFile(path)
      throw failure(
        ("ssh-keygen did not sign", "ssh-keygen n'a pas signé"), key,
        (
          "name a private SSH key, and install openssh-client",
          "nommez une clé SSH privée, et installez openssh-client"
        ))
    }
    return last.number
  }

  /// All signatures of a case, by line.
  static func all(of record: Case) throws -> [LogSignature] {
    let folder = record.folder + "/" + Self.folder
    let lines = try record.logLines()
    let numbers = SystemFiles().names(folder).compactMap { name -> Int? in
      guard name.hasPrefix("log-"), name.hasSuffix(".txt.sig") else { return nil }
      return Int(name.dropFirst(4).dropLast(8))
    }
    return numbers.sorted().map { number in
      let path = folder + "/" + name(number)
      guard let said = FolderTree.contents(of: path, limit: 0x1000) else {
        return LogSignature(line: number, standing: .isFalse)
      }
      let line = lines.first { $0.number == number }
      guard let line, said == Array(statement(line).utf8) else {
        return LogSignature(line: number, standing: .ofAnotherLog)
      }
      return LogSignature(line: number, standing: check(said, signature: path + ".sig"))
    }
  }

  private static func check(_ statement: [UInt8], signature: String) -> Standing {
    let (status, output) = run(
      ["-Y", "check-novalidate", "-n", namespace, "-s", signature], input: statement)
    if status == 127 { return .cannotBeChecked }
    guard status == 0, output.hasPrefix("Good "), let range = output.firstRange(of: "with ") else {
      return .isFalse
    }
    return .holds(key: String(output[range.upperBound...].prefix { $0 != "\n" }))
  }

  private static func name(_ line: Int) -> String { "log-\(line).txt" }

  private static func statement(_ line: LogLine) -> String {
    "renflou case log\nlines: \(line.number)\nsha256: \(line.hash.hexadecimal)\n"
  }

  /// Runs ssh-keygen; 127 where there is none.
  ///
  /// - Parameter input: nil where the terminal is to answer.
  private static func run(_ arguments: [String], input: [UInt8]?) -> (Int32, String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["ssh-keygen"] + arguments
    let (printed, asked) = (Pipe(), Pipe())
    process.standardOutput = printed
    if input != nil {
      process.standardInput = asked
      process.standardError = FileHandle.nullDevice
    }
    do {
      try process.run()
      if let input {
        // Less than a pipe holds, so that it cannot block.
        try asked.fileHandleForWriting.write(contentsOf: Data(input))
        try asked.fileHandleForWriting.close()
      }
      let output = try printed.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    } catch {
      return (127, "")
    }
  }

  private static func failure(
    _ what: (String, String), _ place: String, _ advice: (String, String)
  ) -> Failure {
    Failure(status: .failed, what: what, place: place, advice: advice)
  }
}
