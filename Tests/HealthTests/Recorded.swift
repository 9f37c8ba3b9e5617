// SPDX-License-Identifier: Apache-2.0

@testable import Health

/// Documents as smartctl 7.3 prints them, shortened to what matters; the names are made up.
enum Recorded {
  static func answer(_ document: String) -> HealthAnswer? {
    SMARTReport(parsing: Array(document.utf8)).map(HealthAnswer.init)
  }

  static func report(_ document: String) -> SMARTReport? {
    SMARTReport(parsing: Array(document.utf8))
  }

  /// The frame that every run has.
  static func run(status: Int, messages: String = "", _ rest: String = "") -> String {
    """
    {"json_format_version":[1,0],"smartctl":{"version":[7,3],"svn_revision":"5338",
    "platform_info":"x86_64-linux","build_info":"(local build)",
    "argv":["smartctl","--json=c","-x","/dev/sda"],\(messages)"exit_status":\(status)},
    "local_time":{"time_t":1795758562,"asctime":"Fri Nov 27 05:49:22 2026 UTC"}\(rest)}
    """
  }

  static func complaint(_ words: String) -> String {
    #""messages":[{"string":"\#(words)","severity":"error"}],"#
  }

  /// An ATA disk with platters.
  static func ata(
    status: Int = 0, passed: Bool = true, temperature: Int = 34, _ raws: [Int: UInt64] = [:]
  ) -> String {
    let names = [
      1: "Raw_Read_Error_Rate", 5: "Reallocated_Sector_Ct", 9: "Power_On_Hours",
      10: "Spin_Retry_Count", 184: "End-to-End_Error", 187: "Reported_Uncorrect",
      188: "Command_Timeout", 194: "Temperature_Celsius", 197: "Current_Pending_Sector",
      198: "Offline_Uncorrectable", 199: "UDMA_CRC_Error_Count",
    ]
    let rows = names.keys.sorted().map { id -> String in
      let raw = raws[id] ?? (id == 194 ? UInt64(temperature) : id == 9 ? 12_345 : 0)
      return """
        {"id":\(id),"name":"\(names[id] ?? "")","value":100,"worst":100,"thresh":10,"when_failed":"",
        "flags":{"value":51,"string":"PO--CK ","prefailure":true},
        "raw":{"value":\(raw),"string":"\(raw)"}}
        """
    }
    return run(
      status: status,
      """
      ,"device":{"name":"/dev/sda","info_name":"/dev/sda [SAT]","type":"sat","protocol":"ATA"},
      "model_family":"Plough","model_name":"PLOUGH ST1000","serial_number":"Z1D0SAMPLE",
      "wwn":{"naa":5,"oui":3152,"id":2711777220},"firmware_version":"CC43",
      "user_capacity":{"blocks":1953525168,"bytes":1000204886016},
      "logical_block_size":512,"physical_block_size":4096,"rotation_rate":7200,
      "smart_status":{"passed":\(passed)},
      "ata_smart_attributes":{"revision":10,"table":[\(rows.joined(separator: ","))]},
      "power_on_time":{"hours":12345},"power_cycle_count":77,
      "temperature":{"current":\(temperature)},
      "ata_sct_erc":{"read":{"enabled":true,"deciseconds":70},
      "write":{"enabled":true,"deciseconds":70}}
      """)
  }

  static let healthy = ata()
  static let pending = ata(status: 64, [197: 8, 198: 8, 5: 2])
  static let failed = ata(status: 24, passed: false, [5: 2013, 197: 331, 187: 1207])
  static let cable = ata([199: 41])
  static let hot = ata(temperature: 63)

  static let wornSSD = run(
    status: 0,
    """
    ,"device":{"name":"/dev/sda","type":"sat","protocol":"ATA"},"model_name":"Sprout SSD 256",
    "serial_number":"S0SAMPLE","firmware_version":"1.0","rotation_rate":0,
    "user_capacity":{"blocks":500118192,"bytes":256060514304},"smart_status":{"passed":true},
    "ata_smart_attributes":{"revision":1,"table":[
    {"id":5,"name":"Reallocated_Sector_Ct","value":100,"worst":100,"thresh":10,"when_failed":"",
    "raw":{"value":0,"string":"0"}},
    {"id":177,"name":"Wear_Leveling_Count","value":1,"worst":1,"thresh":0,"when_failed":"",
    "raw":{"value":3120,"string":"3120"}},
    {"id":190,"name":"Airflow_Temperature_Cel","value":66,"worst":50,"thresh":0,"when_failed":"",
    "raw":{"value":34,"string":"34"}}]},
    "ata_device_statistics":{"pages":[{"number":7,"name":"Solid State Device Statistics",
    "revision":1,"table":[{"offset":8,"name":"Percentage Used Endurance Indicator","size":1,
    "value":104,"flags":{"valid":true}}]}]}
    """)

  static func nvme(status: Int, passed: Bool, warning: Int, spare: Int, errors: Int) -> String {
    run(
      status: status,
      """
      ,"device":{"name":"/dev/nvme0","type":"nvme","protocol":"NVMe"},"model_name":"Furrow 980",
      "serial_number":"N0SAMPLE","firmware_version":"2B4Q",
      "user_capacity":{"blocks":976773168,"bytes":500107862016},
      "smart_status":{"passed":\(passed),"nvme":{"value":\(warning)}},
      "nvme_smart_health_information_log":{"critical_warning":\(warning),"temperature":66,
      "available_spare":\(spare),"available_spare_threshold":10,"percentage_used":3,
      "data_units_read":1234,"power_on_hours":4321,"unsafe_shutdowns":9,"media_errors":\(errors),
      "num_err_log_entries":12},"temperature":{"current":66},"power_on_time":{"hours":4321}
      """)
  }

  static let nvmeHealthy = nvme(status: 0, passed: true, warning: 0, spare: 100, errors: 0)
  static let nvmeCritical = nvme(status: 8, passed: false, warning: 5, spare: 4, errors: 17)
  static let nvmeReadOnly = nvme(status: 8, passed: false, warning: 8, spare: 100, errors: 0)

  static let scsi = run(
    status: 0,
    """
    ,"device":{"name":"/dev/sda","type":"scsi","protocol":"SCSI"},"vendor":"HARROW",
    "product":"H1200","model_name":"HARROW H1200","revision":"B0","scsi_version":"SPC-4",
    "serial_number":"K0SAMPLE","logical_unit_id":"0x5000cca012345678","rotation_rate":10000,
    "user_capacity":{"blocks":2344225968,"bytes":1200243695616},"smart_status":{"passed":true},
    "temperature":{"current":31,"drive_trip":65},"power_on_time":{"hours":40000,"minutes":12},
    "scsi_grown_defect_list":19,"scsi_error_counter_log":{"read":{
    "errors_corrected_by_eccfast":12,"total_errors_corrected":12,"gigabytes_processed":"1.2",
    "total_uncorrected_errors":6},"write":{"total_uncorrected_errors":0}}
    """)

  static let bridge = run(
    status: 1,
    messages: complaint("/dev/sdb: Unknown USB bridge [0x1234:0x5678 (0x100)]"))
  static let noRights = run(
    status: 2,
    messages: complaint("Smartctl open device: /dev/sda failed: Permission denied"))
  static let silent = run(
    status: 2,
    messages: complaint("Read Device Identity failed: scsi error device will be ready soon"))
  static let virtual = run(
    status: 1, messages: complaint("/dev/vda: Unable to detect device type"))
}
