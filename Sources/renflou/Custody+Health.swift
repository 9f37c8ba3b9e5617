// SPDX-License-Identifier: Apache-2.0

import Case
import Health
import Identification
import Reporting
import Storage

extension Custody {
  private static let healthEvent = "health"
  private static let triageEvent = "triage"

  /// Seconds that a disk may take to answer before and after a job.
  private static let limit = 10.0

  /// Notes what the disk that holds `path` says of its health; nothing of an image, or where nobody can ask.
  ///
  /// - Parameter moment: `before` or `after` the work.
  static func noteHealth(of path: String, _ moment: String, in record: Case) throws {
    guard SystemFiles().status(path)?.blockDevice != nil, let smartctl = Smartctl.installed else {
      return
    }
    let answer = smartctl.ask(Device.holding(path)?.path ?? path, limit: limit)
    let english = Messages(language: .english)
    var words = [moment, english.healthWord(answer)]
    if let report = answer.report {
      words.append(english.facts(report))
      words += Advice(answer).reasons.map(english.reason)
      words += [report.model, report.serial.map { "serial " + $0 }].compactMap { $0 }
    }
    let line = words.filter { !$0.isEmpty }.joined(separator: "; ")
    try record.log(healthEvent, line, at: currentTime())
  }

  /// Notes what triage advised.
  static func note(_ triage: Triage, in record: Case) throws {
    let lines = Messages(language: .english).triage(triage).split(separator: "\n")
    try note(in: record, source: triage.path)
    try record.log(
      triageEvent,
      lines.prefix { !$0.hasPrefix("Next") }.map { $0.drop { $0 == " " } }.joined(separator: "; "),
      at: currentTime())
  }
}
