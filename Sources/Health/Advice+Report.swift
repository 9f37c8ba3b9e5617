// SPDX-License-Identifier: Apache-2.0

extension Advice {
  /// What a report speaks for.
  ///
  /// | In the report                                           | Course    |
  /// |:--------------------------------------------------------|:----------|
  /// | the disk calls itself failing                           | stop      |
  /// | it tries to start its platters again (10)               | stop      |
  /// | too hot                                                 | stop      |
  /// | sectors pending (197), uncorrectable (198), told (187)  | go gently |
  /// | data changed on its way (184), a threshold is reached   | go gently |
  /// | SCSI: reads that stayed uncorrected                     | go gently |
  /// | NVMe: media errors, degraded, spare used up             | go gently |
  /// | endurance used up; self tests failed                    | go gently |
  /// | replaced sectors, time-outs, cable errors, read-only    | go        |
  static func reasons(_ report: SMARTReport) -> [Reason] {
    var reasons: [Reason] = []
    /// Adds a reason where something was counted.
    func add(_ count: UInt64?, _ reason: (UInt64) -> Reason) {
      if let count, count > 0 { reasons.append(reason(count)) }
    }
    if report.isFailing { reasons.append(.selfAssessmentFailed) }
    if let temperature = report.temperature, report.isTooHot {
      reasons.append(.temperature(temperature))
    } else if report.isTooHot {
      reasons.append(.temperatureWarning)
    }
    let ata = report.ata
    add(ata?.spinRetries) { .spinRetries($0) }
    add(ata?.pending) { .pendingSectors($0) }
    add(ata?.offlineUncorrectable) { .offlineUncorrectable($0) }
    add(ata?.reportedUncorrectable) { .reportedUncorrectable($0) }
    add(ata?.endToEndErrors) { .endToEndErrors($0) }
    if report.exit.contains(.belowThreshold), !report.isFailing { reasons.append(.belowThreshold) }
    add(report.scsi?.uncorrectedReads) { .uncorrectedReads($0) }
    if let nvme = report.nvme { reasons += Self.reasons(nvme) }
    if report.exit.contains(.selfTestsFailed) { reasons.append(.selfTestsFailed) }
    if let used = report.enduranceUsed, used >= 90 { reasons.append(.worn(percent: used)) }
    add(ata?.reallocated) { .reallocated($0) }
    add(report.scsi?.grownDefects) { .grownDefects($0) }
    add(ata?.commandTimeouts) { .commandTimeouts($0) }
    add(ata?.cableErrors) { .cableErrors($0) }
    if report.exit.contains(.errorsLogged) { reasons.append(.errorsLogged) }
    if !report.tellsHealth { reasons.append(.healthUnknown(.untold)) }
    return reasons
  }

  private static func reasons(_ nvme: NVMeHealth) -> [Reason] {
    var reasons: [Reason] = []
    if nvme.warning.contains(.degraded) { reasons.append(.degraded) }
    if let errors = nvme.mediaErrors, errors > 0 { reasons.append(.mediaErrors(errors)) }
    let isBelow = nvme.spare.flatMap { spare in nvme.spareThreshold.map { spare < $0 } } ?? false
    if isBelow || nvme.warning.contains(.spareLow) { reasons.append(.spareLow(nvme.spare)) }
    if nvme.warning.contains(.readOnly) { reasons.append(.readOnlyDisk) }
    if nvme.warning.contains(.backupFailed) { reasons.append(.backupFailed) }
    return reasons
  }
}

extension SMARTReport {
  /// Above this a disk is to cool first: degrees Celsius.
  package static let hottest = 60

  /// Whether the disk calls itself failing. An NVMe disk does so for every warning, also for those
  /// that reading does not mind: there each warning is weighed alone.
  var isFailing: Bool {
    nvme == nil && (passed == false || exit.contains(.failing))
  }

  /// NVMe disks are built for more, and know their own limit.
  var isTooHot: Bool {
    if let nvme { return nvme.warning.contains(.temperature) }
    return temperature.map { $0 > Self.hottest } ?? false
  }
}
