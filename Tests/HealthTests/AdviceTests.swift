// SPDX-License-Identifier: Apache-2.0

import Bytes
import Testing

@testable import Health

@Suite struct `advice on a disk` {
  struct Row: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let document: String
    let course: Advice.Course
    let reasons: [Reason]
    let health: Advice.Health

    init(
      _ name: String, _ document: String, _ course: Advice.Course, _ reasons: [Reason],
      _ health: Advice.Health
    ) {
      testDescription = name
      self.document = document
      self.course = course
      self.reasons = reasons
      self.health = health
    }
  }

  static let rows = [
    Row("healthy ATA", Recorded.healthy, .go, [], .good),
    Row(
      "pending sectors", Recorded.pending, .goGently,
      [.pendingSectors(8), .offlineUncorrectable(8), .reallocated(2), .errorsLogged], .weak),
    Row(
      "failed", Recorded.failed, .stop,
      [
        .selfAssessmentFailed, .pendingSectors(331), .reportedUncorrectable(1207),
        .reallocated(2013),
      ],
      .failing),
    Row("cable errors of long ago", Recorded.cable, .go, [.cableErrors(41)], .good),
    Row("hot", Recorded.hot, .stop, [.temperature(63)], .good),
    Row("60 degrees are allowed", Recorded.ata(temperature: 60), .go, [], .good),
    Row("spin retries", Recorded.ata([10: 1]), .stop, [.spinRetries(1)], .failing),
    Row("told errors", Recorded.ata([187: 1]), .goGently, [.reportedUncorrectable(1)], .weak),
    Row("end to end", Recorded.ata([184: 3]), .goGently, [.endToEndErrors(3)], .weak),
    Row("time-outs", Recorded.ata([188: 3]), .go, [.commandTimeouts(3)], .good),
    Row("below a threshold", Recorded.ata(status: 16), .goGently, [.belowThreshold], .weak),
    Row("self tests", Recorded.ata(status: 128), .goGently, [.selfTestsFailed], .weak),
    Row(
      "failing by exit status alone", Recorded.ata(status: 8), .stop, [.selfAssessmentFailed],
      .failing),
    Row("worn SSD", Recorded.wornSSD, .goGently, [.worn(percent: 104)], .weak),
    Row("healthy NVMe, warm", Recorded.nvmeHealthy, .go, [], .good),
    Row(
      "critical NVMe", Recorded.nvmeCritical, .goGently,
      [.degraded, .mediaErrors(17), .spareLow(4)], .weak),
    Row("read-only NVMe is fine to image", Recorded.nvmeReadOnly, .go, [.readOnlyDisk], .good),
    Row(
      "NVMe too hot by its own limit",
      Recorded.nvme(status: 8, passed: false, warning: 2, spare: 100, errors: 0), .stop,
      [.temperature(66)], .good),
    Row(
      "SCSI with defects", Recorded.scsi, .goGently, [.uncorrectedReads(6), .grownDefects(19)],
      .weak),
    Row("unknown bridge", Recorded.bridge, .go, [.healthUnknown(.unknownBridge)], .unknown),
    Row("no rights", Recorded.noRights, .go, [.healthUnknown(.noRights)], .unknown),
    Row("virtual disk", Recorded.virtual, .go, [.healthUnknown(.untold)], .unknown),
    Row(
      "does not identify itself", Recorded.silent, .stop,
      [.notIdentified("Read Device Identity failed: scsi error device will be ready soon")],
      .failing),
  ]

  @Test(arguments: rows)
  func `follows from the report`(row: Row) throws {
    let advice = Advice(try #require(Recorded.answer(row.document)))
    #expect(advice.course == row.course)
    #expect(advice.reasons == row.reasons)
    #expect(advice.health == row.health)
  }

  @Test(
    arguments: [
      (.notADevice, .go), (.noSmartctl, .go), (.unusable, .go), (.tooSlow(seconds: 5), .stop),
    ] as [(HealthAnswer, Advice.Course)])
  func `follows from no report`(answer: HealthAnswer, course: Advice.Course) {
    #expect(Advice(answer).course == course)
    #expect(Advice(answer).reasons.count == 1)
  }

  private func sample(
    _ place: Sample.Place, _ outcome: Sample.Outcome = .read, seconds: Double = 0.02
  ) -> Sample { Sample(place, 0..<0x10_0000, outcome, seconds: seconds) }

  private func advice(_ samples: Sample...) throws -> Advice {
    Advice(try #require(Recorded.answer(Recorded.healthy)), samples: samples)
  }

  @Test func `samples that fail, hang or take long are reasons`() throws {
    #expect(try advice(sample(.start), sample(.middle), sample(.end)).reasons.isEmpty)
    let one = try advice(sample(.start), sample(.middle, .failed(at: 4096)), sample(.end))
    #expect(one.course == .goGently)
    #expect(one.reasons == [.sampleFailed(.middle, at: 4096)])
    let slow = try advice(sample(.start, seconds: 0.5), sample(.middle), sample(.end))
    #expect(slow.reasons == [.sampleSlow(.start, seconds: 0.5)])
    #expect(slow.course == .goGently)
    let hung = try advice(sample(.start), sample(.middle, .hung, seconds: 30))
    #expect(hung.reasons == [.sampleHung(.middle, seconds: 30)])
    #expect(hung.course == .goGently)
    let none = try advice(
      sample(.start, .failed(at: 0)), sample(.middle, .failed(at: 0)), sample(.end, .failed(at: 0)))
    #expect(none.course == .stop)
    #expect(none.reasons == [.nothingReads])
  }

  @Test func `what rises while it is looked at is worse than what is old`() throws {
    let first = try #require(Recorded.answer(Recorded.cable))
    let later = Recorded.report(Recorded.ata([199: 44]))
    let advice = Advice(first, later: later)
    #expect(advice.course == .goGently)
    #expect(advice.reasons == [.cableErrorsRise(3), .cableErrors(41)])
  }

  @Test func `who uses the disk is a reason`() throws {
    let sound = try #require(Recorded.answer(Recorded.healthy))
    let system = Advice(sound, use: DiskUse(isSystemDisk: true, mounts: ["/"]))
    #expect(system.course == .stop && system.reasons == [.systemDisk])
    #expect(system.health == .good)
    let mounted = Advice(sound, use: DiskUse(mounts: ["/mnt"]))
    #expect(mounted.course == .goGently && mounted.reasons == [.mounted(["/mnt"])])
  }

  @Test func `a disk that holds more than the kernel shows is told`() throws {
    let sound = try #require(Recorded.answer(Recorded.healthy))
    let whole: ByteCount = 1_000_204_886_016
    #expect(Advice(sound, use: DiskUse(size: whole)).reasons.isEmpty)
    let cut = Advice(sound, use: DiskUse(size: whole.subtractingClamped(0x10_0000)))
    #expect(cut.reasons == [.hiddenArea(0x10_0000)])
    #expect(cut.course == .go)
  }

  @Test func `the worst reason stands first, and sets the course`() throws {
    let advice = Advice([.reallocated(1), .pendingSectors(2), .systemDisk, .mediaErrors(3)])
    #expect(advice.course == .stop)
    #expect(
      advice.reasons == [.systemDisk, .pendingSectors(2), .mediaErrors(3), .reallocated(1)])
  }
}
