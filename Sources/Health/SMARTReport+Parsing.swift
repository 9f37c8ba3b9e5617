// SPDX-License-Identifier: Apache-2.0

import Bytes

extension SMARTReport {
  /// Reads what `smartctl --json=c` prints; nil where that is not a JSON document of smartctl's.
  ///
  /// - Source: smartmontools 7.3, output of `--json`, format version 1.0.
  package init?(parsing output: [UInt8]) {
    guard let document = JSONValue(output), let run = document["smartctl"], case .object = run
    else { return nil }
    self.init()
    exit = SmartctlExit(rawValue: UInt8(truncatingIfNeeded: run["exit_status"]?.count ?? 0))
    complaints = (run["messages"]?.elements ?? []).compactMap { $0["string"]?.text }
    readIdentity(document)
    passed = document["smart_status"]?["passed"]?.flag
    powerOnHours = document["power_on_time"]?["hours"]?.count
    temperature = document["temperature"]?["current"]?.whole.flatMap(Self.plausible)
    enduranceUsed = document["endurance_used"]?["current_percent"]?.count
    readATA(document)
    readNVMe(document)
    readSCSI(document)
  }

  private mutating func readIdentity(_ document: JSONValue) {
    func text(_ names: String...) -> String? {
      names.lazy.compactMap { document[$0]?.text }.first { !$0.isEmpty }
    }
    model = text("model_name", "scsi_model_name", "product", "scsi_product")
    serial = text("serial_number")
    firmware = text("firmware_version", "revision", "scsi_revision")
    wwn = Self.wwn(document["wwn"]) ?? text("logical_unit_id")
    capacity = document["user_capacity"]?["bytes"]?.count.map { ByteCount($0) }
    rotationRate = document["rotation_rate"]?.whole.flatMap { $0 >= 0 ? $0 : nil }
  }

  /// A WWN is 4 bits of kind, 24 of maker, 36 of number.
  private static func wwn(_ value: JSONValue?) -> String? {
    guard let kind = value?["naa"]?.count, let maker = value?["oui"]?.count,
      let number = value?["id"]?.count, kind < 1 << 4, maker < 1 << 24, number < 1 << 36
    else { return nil }
    let whole = kind << 60 | maker << 36 | number
    let digits = String(whole, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private mutating func readATA(_ document: JSONValue) {
    guard let rows = document["ata_smart_attributes"]?["table"]?.elements, !rows.isEmpty else {
      return
    }
    var ata = ATAHealth()
    for row in rows {
      guard let raw = row["raw"] else { continue }
      let count = Self.rawCount(raw)
      switch row["id"]?.whole {
      case 5: ata.reallocated = count
      case 10: ata.spinRetries = count
      case 184: ata.endToEndErrors = count
      case 187: ata.reportedUncorrectable = count
      case 188: ata.commandTimeouts = count
      case 197: ata.pending = count
      case 198: ata.offlineUncorrectable = count
      case 199: ata.cableErrors = count
      case 194: temperature = temperature ?? Self.rawTemperature(raw)
      case 190 where document["temperature"]?["current"] == nil && !rows.contains(id: 194):
        temperature = temperature ?? Self.rawTemperature(raw)
      case 173, 177, 202, 231, 233: readWear(row)
      default: break
      }
    }
    let erc = document["ata_sct_erc"]?["read"]
    if erc?["enabled"]?.flag == true {
      ata.errorRecoveryLimit = erc?["deciseconds"]?.count
    } else if erc?["enabled"]?.flag == false {
      ata.errorRecoveryLimit = 0
    }
    self.ata = ata
    readEndurance(document)
  }

  /// Attributes of flash disks whose normalised value starts at 100 and ends at 0.
  private mutating func readWear(_ row: JSONValue) {
    let names = ["Wear_Leveling", "Life_Left", "Wearout", "Lifetime_Remain"]
    guard enduranceUsed == nil, let name = row["name"]?.text, let left = row["value"]?.count,
      left <= 100, names.contains(where: name.contains)
    else { return }
    enduranceUsed = 100 - left
  }

  /// The statistics of a disk are surer than its maker's attributes.
  private mutating func readEndurance(_ document: JSONValue) {
    for page in document["ata_device_statistics"]?["pages"]?.elements ?? [] {
      for row in page["table"]?.elements ?? []
      where row["name"]?.text == "Percentage Used Endurance Indicator" {
        enduranceUsed = row["value"]?.count ?? enduranceUsed
      }
    }
  }

  private mutating func readNVMe(_ document: JSONValue) {
    let log = document["nvme_smart_health_information_log"]
    guard let log, case .object = log else { return }
    var nvme = NVMeHealth()
    nvme.warning = NVMeHealth.Warning(
      rawValue: UInt8(truncatingIfNeeded: log["critical_warning"]?.count ?? 0))
    nvme.mediaErrors = log["media_errors"]?.count
    nvme.spare = log["available_spare"]?.count
    nvme.spareThreshold = log["available_spare_threshold"]?.count
    nvme.errorLogEntries = log["num_err_log_entries"]?.count
    enduranceUsed = log["percentage_used"]?.count ?? enduranceUsed
    temperature = temperature ?? log["temperature"]?.whole.flatMap(Self.plausible)
    powerOnHours = powerOnHours ?? log["power_on_hours"]?.count
    rotationRate = rotationRate ?? 0
    self.nvme = nvme
  }

  private mutating func readSCSI(_ document: JSONValue) {
    let reads = document["scsi_error_counter_log"]?["read"]?["total_uncorrected_errors"]?.count
    let grown = document["scsi_grown_defect_list"]?.count
    guard reads != nil || grown != nil else { return }
    var scsi = SCSIHealth()
    scsi.uncorrectedReads = reads
    scsi.grownDefects = grown
    self.scsi = scsi
    enduranceUsed =
      document["scsi_percentage_used_endurance_indicator"]?.count ?? enduranceUsed
  }

  /// A counter. Makers pack more into its 48 bits: smartctl's text then starts with the count, as in
  /// "8 (0 3)"; Seagate counts time-outs in three words, of which the lowest is the sum.
  private static func rawCount(_ raw: JSONValue) -> UInt64? {
    let words = raw["string"]?.text?.split(separator: " ", maxSplits: 1) ?? []
    if words.count == 2, words[1].hasPrefix("("), let count = UInt64(words[0]) { return count }
    guard let value = raw["value"]?.count else { return words.first.flatMap { UInt64($0) } }
    return value > UInt64(UInt32.max) ? value & 0xFFFF : value
  }

  /// The lowest byte is the temperature now; those above hold the lowest and the highest.
  private static func rawTemperature(_ raw: JSONValue) -> Int? {
    raw["value"]?.count.flatMap { plausible(Int($0 & 0xFF)) }
  }

  /// No disk is colder than -40 °C, and 0 means that there is no sensor.
  private static func plausible(_ degrees: Int) -> Int? {
    (-40...150).contains(degrees) && degrees != 0 ? degrees : nil
  }
}

extension [JSONValue] {
  fileprivate func contains(id: Int) -> Bool { contains { $0["id"]?.whole == id } }
}
