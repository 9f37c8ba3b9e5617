// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Health

@Suite struct `report of smartctl` {
  @Test func `an ATA disk tells who it is and what it counted`() throws {
    let report = try #require(Recorded.report(Recorded.pending))
    #expect(report.model == "PLOUGH ST1000")
    #expect(report.serial == "Z1D0SAMPLE")
    #expect(report.firmware == "CC43")
    #expect(report.wwn == "5000c500a1a26fc4")
    #expect(report.capacity == 1_000_204_886_016)
    #expect(report.rotationRate == 7200)
    #expect(report.powerOnHours == 12_345)
    #expect(report.temperature == 34)
    #expect(report.passed == true)
    #expect(report.exit == [.errorsLogged])
    #expect(report.ata?.pending == 8)
    #expect(report.ata?.offlineUncorrectable == 8)
    #expect(report.ata?.reallocated == 2)
    #expect(report.ata?.cableErrors == 0)
    #expect(report.ata?.errorRecoveryLimit == 70)
    #expect(report.nvme == nil && report.scsi == nil)
  }

  @Test func `an NVMe disk tells its warnings`() throws {
    let report = try #require(Recorded.report(Recorded.nvmeCritical))
    #expect(report.nvme?.warning == [.spareLow, .degraded])
    #expect(report.nvme?.mediaErrors == 17)
    #expect(report.nvme?.spare == 4)
    #expect(report.enduranceUsed == 3)
    #expect(report.powerOnHours == 4321)
    #expect(report.rotationRate == 0)
  }

  @Test func `a SCSI disk tells its counters`() throws {
    let report = try #require(Recorded.report(Recorded.scsi))
    #expect(report.scsi?.uncorrectedReads == 6)
    #expect(report.scsi?.grownDefects == 19)
    #expect(report.wwn == "0x5000cca012345678")
    #expect(report.firmware == "B0")
  }

  @Test func `statistics are surer than a maker's attribute, and 190 stands in for 194`() throws {
    let report = try #require(Recorded.report(Recorded.wornSSD))
    #expect(report.enduranceUsed == 104)
    #expect(report.temperature == 34)
  }

  @Test(
    arguments: [
      (#"{"value":196616,"string":"8 (0 3)"}"#, 8), (#"{"value":8,"string":"8"}"#, 8),
      (#"{"value":4295032833,"string":"4295032833"}"#, 1), (#"{"string":"5"}"#, 5),
      (#"{"value":-3,"string":"-3"}"#, nil), (#"{"value":1e400}"#, nil), (#"{}"#, nil),
      (#"{"value":"many","string":7}"#, nil), (#"7"#, nil),
    ] as [(String, UInt64?)])
  func `a raw value is a count, however it is packed`(raw: String, count: UInt64?) throws {
    let report = Recorded.report(
      Recorded.run(
        status: 0, #","ata_smart_attributes":{"table":[{"id":188,"raw":\#(raw)}]}"#))
    let ata = try #require(report?.ata)
    #expect(ata.commandTimeouts == count)
  }

  @Test func `what has the wrong kind is not there`() throws {
    let report = try #require(
      Recorded.report(
        Recorded.run(
          status: 0,
          """
          ,"model_name":[1],"serial_number":{"a":1},"rotation_rate":-5,"smart_status":"fine",
          "temperature":{"current":99999999999999999999999999},"wwn":{"naa":99,"oui":-1,"id":2},
          "user_capacity":{"bytes":18446744073709551615},"power_on_time":{"hours":-1},
          "ata_smart_attributes":{"table":[null,3,"x",{"id":"five"},{"id":5,"raw":null}]},
          "nvme_smart_health_information_log":[],"scsi_grown_defect_list":"many"
          """)))
    #expect(report.model == nil && report.serial == nil && report.rotationRate == nil)
    #expect(report.passed == nil && report.temperature == nil && report.wwn == nil)
    #expect(report.capacity == ByteCount(.max))
    #expect(report.powerOnHours == nil && report.ata?.reallocated == nil)
    #expect(report.nvme == nil && report.scsi == nil)
  }

  @Test(arguments: ["", "no smartctl here", "[]", "{}", "null", #"{"smartctl":7}"#, "\u{0}"])
  func `what is no report of smartctl's is refused`(text: String) {
    #expect(Recorded.report(text) == nil)
  }

  @Test func `a report that is cut anywhere is refused`() {
    let bytes = Array(Recorded.healthy.utf8)
    for length in 0..<bytes.count {
      #expect(SMARTReport(parsing: Array(bytes[..<length])) == nil, "cut to \(length)")
    }
  }

  @Test func `a damaged report is read or refused, and advice follows`() {
    var bytes = Array(Recorded.nvmeCritical.utf8)
    var read = 0
    for index in bytes.indices {
      let sound = bytes[index]
      for damage: UInt8 in [0x00, 0x22, 0x39, 0x7B, 0xFF] {
        bytes[index] = damage
        guard let report = SMARTReport(parsing: bytes) else { continue }
        read += 1
        _ = Advice(HealthAnswer(report))
      }
      bytes[index] = sound
    }
    #expect(read > bytes.count / 2)
  }

  @Test(arguments: [400, 100_000])
  func `a document that is deep ends`(depth: Int) {
    let text = #"{"smartctl":{"exit_status":0},"x":"# + String(repeating: "[", count: depth)
    #expect(
      Recorded.report(text) == nil)
    let closed = text + String(repeating: "]", count: depth) + "}"
    #expect((Recorded.report(closed) != nil) == (depth < 500))
  }
}
