// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Fixtures
import Storage
import Synchronization
import Testing

@testable import Imaging

@Suite("A rescue, from the first read to the digest")
struct RescueTests {
  private let folder = Folder()
  private var image: String { folder.path + "/image" }
  private let content = pattern(3_000_000, seed: 7)

  /// Whether the image holds exactly this; arrays are too long to be printed.
  private func isImage(_ bytes: [UInt8]) -> Bool { folder.bytes("image") == bytes }

  private func expected(_ drive: SimulatedDrive, fill: UInt8 = 0) -> [UInt8] {
    var bytes = drive.content
    for sector in drive.bad {
      let range = (sector * 512..<(sector + 1) * 512).clamped(to: 0..<bytes.count)
      bytes.replaceSubrange(range, with: [UInt8](repeating: fill, count: range.count))
    }
    return bytes
  }

  /// The map tells exactly which sectors did not come.
  private func expectHonestMap(_ result: Rescue.Result, _ drive: SimulatedDrive) {
    for sector in 0..<drive.content.count / 512 {
      let status = result.map.status(at: ByteOffset(UInt64(sector * 512)))
      #expect((status == .finished) == !drive.bad.contains(sector))
    }
  }

  @Test("A sound source is copied whole, with its digests")
  func sound() throws {
    let drive = SimulatedDrive(content)
    var rescue = Rescue(drive, imagePath: image)
    rescue.settings.digests = [.md5, .sha1, .sha256, .blake2b]
    rescue.settings.verifies = true
    let result = try rescue.run(RescueObserver())
    #expect(isImage(content))
    #expect(result.isFinished)
    #expect(result.failedReads == 0)
    for (kind, digest) in result.digests { #expect(digest == MessageDigest.hash(content, kind)) }
    #expect(result.digests.count == 4)
  }

  @Test("Bad sectors are told, the rest is right, and the digest is of the image as it stands")
  func bad() throws {
    let drive = SimulatedDrive(content)
    drive.bad = [0, 77, 78, 79, 2000, 2001, 4444, 5858]
    let result = try Rescue(drive, imagePath: image).run(RescueObserver())
    let written = try #require(folder.bytes("image"))
    // Not as an expectation of arrays: they are too long to be printed.
    let isRight = written == expected(drive)
    #expect(isRight)
    expectHonestMap(result, drive)
    #expect(result.digests.first?.digest == MessageDigest.hash(written, .sha256))
  }

  @Test("A disk that is too hot is left alone until it has cooled, and that is in the log")
  func cools() throws {
    let drive = SimulatedDrive(content)
    let reads = Mutex(0)
    drive.beforeRead = { number in reads.withLock { $0 = number } }
    let asked = Mutex((count: 0, readsWhilePaused: Set<Int>()))
    let observer = RescueObserver(
      checkUp: {
        let count = asked.withLock { asked in
          asked.count += 1
          if (3...5).contains(asked.count) { asked.readsWhilePaused.insert(reads.withLock { $0 }) }
          return asked.count
        }
        return CheckUp((3...4).contains(count) ? .pause : .goOn, seen: [])
      },
      describe: { if case .health(let checkUp) = $0 { "\(checkUp.order)" } else { "-" } })
    let result = try Rescue(drive, imagePath: image).run(observer)
    #expect(result.isFinished)
    #expect(isImage(content))
    #expect(asked.withLock { $0.readsWhilePaused.count } == 1)
    let log = String(decoding: try #require(folder.bytes("image.map.log")), as: UTF8.self)
    #expect(log.hasPrefix("-\ngoOn\ngoOn\npause\npause\ngoOn\n"))
  }

  @Test("A disk that gets worse is not read on; a disk that hangs is not asked")
  func getsWorse() throws {
    let drive = SimulatedDrive(content)
    let reads = Mutex(0)
    drive.beforeRead = { number in reads.withLock { $0 = number } }
    let observer = RescueObserver(
      checkUp: { CheckUp(reads.withLock { $0 } > 3 ? .stop : .goOn, seen: []) })
    #expect(throws: RescueError("simulated", .worse)) {
      try Rescue(drive, imagePath: image).run(observer)
    }
    #expect((4...8).contains(drive.reads))
    let map = try #require(try RescueRecord.map(at: image + ".map", length: drive.length))
    #expect(map.count(.finished) == ByteCount(clamping: drive.delivered))
    drive.isHanging = true
    #expect(try Rescue(drive, imagePath: image).run(observer).isFinished)
  }

  @Test("What a drive that dies did not deliver is not called bad", arguments: [3, 10, 40])
  func dies(errors: Int) throws {
    let drive = SimulatedDrive(content)
    drive.bad = Set(1000..<1400)
    drive.diesAfterErrors = errors
    #expect(throws: RescueError("simulated", .sourceGone)) {
      try Rescue(drive, imagePath: image).run(RescueObserver())
    }
    let map = try #require(try RescueRecord.map(at: image + ".map", length: drive.length))
    for sector in 0..<content.count / 512 where !drive.bad.contains(sector) {
      #expect(map.status(at: ByteOffset(UInt64(sector * 512))) != .bad)
    }
    #expect(drive.errorsAfterDeath <= 30)
    // Cooled down, it goes on where it was.
    drive.diesAfterErrors = nil
    let result = try Rescue(drive, imagePath: image).run(RescueObserver())
    #expect(isImage(expected(drive)))
    expectHonestMap(result, drive)
  }

  @Test("A source that comes back is gone on with; another one is refused")
  func vanishes() throws {
    let drive = SimulatedDrive(content)
    drive.vanishesAtRead = 12
    drive.returnsAtConnection = 3
    var rescue = Rescue(drive, imagePath: image)
    rescue.settings.patience = 20
    let result = try rescue.run(RescueObserver())
    #expect(result.isFinished)
    #expect(isImage(content))

    let other = SimulatedDrive(content)
    other.vanishesAtRead = 12
    other.contentAfterReturn = pattern(content.count, seed: 8)
    rescue = Rescue(other, imagePath: folder.path + "/other")
    rescue.settings.patience = 20
    #expect(throws: RescueError("simulated", .anotherDisk)) { try rescue.run(RescueObserver()) }
  }

  @Test("What is read by way of an image fails once for each end of a bad spot, and comes once")
  func medium() throws {
    let drive = SimulatedDrive(content)
    // Four blocks of 4 KiB, then two.
    drive.bad = Set(1000..<1032).union(3200..<3216)
    var failed: [Int] = []
    let result = try Rescue(drive, imagePath: image).run(RescueObserver()) { imager in
      let medium = RescueMedium(imager)
      // A piece of a step that fails as a whole, then one that it does not hold, and all.
      for range in [900 * 512..<910 * 512, 960 * 512..<970 * 512, 0..<content.count] {
        let start = drive.errors
        for place in stride(from: range.lowerBound, to: range.upperBound, by: 512) {
          var bytes = [UInt8](repeating: 0, count: min(512, content.count - place))
          let came: Void? = try? bytes.withUnsafeMutableBytes {
            try medium.read(at: ByteOffset(UInt64(place)), into: $0)
          }
          if came != nil {
            #expect(bytes == Array(content[place..<(place + bytes.count)]))
          } else {
            #expect(drive.bad.contains(place / 512))
          }
        }
        failed.append(drive.errors - start)
      }
      // All once, but for a sector that shows that the drive lives.
      #expect(drive.delivered <= content.count - drive.bad.count * 512 + 512)
      return []
    }
    #expect(failed == [1, 0, 6])
    expectHonestMap(result, drive)
  }

  @Test("An image is not gone on with from another disk")
  func anotherDisk() throws {
    let drive = SimulatedDrive(content)
    drive.vanishesAtRead = 12
    drive.returnsAtConnection = 100
    #expect(throws: RescueError("simulated", .sourceGone)) {
      try Rescue(drive, imagePath: image).run(RescueObserver())
    }
    let before = folder.bytes("image")
    let other = SimulatedDrive(pattern(content.count, seed: 9))
    #expect(throws: RescueError("simulated", .anotherDisk)) {
      try Rescue(other, imagePath: image).run(RescueObserver())
    }
    #expect(folder.bytes("image") == before)
  }

  @Test("A read that was given up is no bad sector before it was tried to the end")
  func hangs() throws {
    let drive = SimulatedDrive(content)
    drive.hangsAtSector = 3000
    let result = try Rescue(drive, imagePath: image).run(RescueObserver())
    drive.bad = [3000]
    expectHonestMap(result, drive)
  }

  @Test("An image that stands there without a map is not touched")
  func noMap() throws {
    folder.file("image", [1, 2, 3])
    #expect(throws: RescueError(image, .noMap)) {
      try Rescue(SimulatedDrive(content), imagePath: image).run(RescueObserver())
    }
    #expect(folder.bytes("image") == [1, 2, 3])
  }

  @Test("An interrupted job goes on, and reads nothing twice")
  func resumes() throws {
    let drive = SimulatedDrive(content)
    drive.bad = [500, 3000]
    let stop = Mutex(false)
    drive.beforeRead = { number in if number == 20 { stop.withLock { $0 = true } } }
    #expect(throws: Interrupted.self) {
      try Rescue(drive, imagePath: image).run(
        RescueObserver(isCancelled: { stop.withLock { $0 } }))
    }
    stop.withLock { $0 = false }
    drive.beforeRead = { _ in }
    let result = try Rescue(drive, imagePath: image).run(RescueObserver())
    #expect(result.isFinished)
    #expect(isImage(expected(drive)))
    // All once, but for the samples that show that it is the same disk, and the trials of whether
    // it fails in sectors or in blocks.
    #expect(drive.delivered <= content.count + 16 * 512)
  }

  @Test("Unread sectors of an old target are filled as asked")
  func fills() throws {
    let drive = SimulatedDrive(content)
    drive.bad = [100, 101]
    folder.file("image", pattern(content.count, seed: 99))
    try RescueRecord(mapPath: image + ".map").write(
      RescueMap(length: drive.length), phase: .copying, comment: "")
    var rescue = Rescue(drive, imagePath: image)
    rescue.settings.fill = .marker
    _ = try rescue.run(RescueObserver())
    let written = try #require(folder.bytes("image"))
    let sector = Array(written[100 * 512..<101 * 512])
    #expect(
      String(decoding: sector, as: UTF8.self).hasPrefix("NOT READ FROM THE SOURCE  sector 100\n"))
    #expect(written[..<(100 * 512)] == content[..<(100 * 512)])
    #expect(written[(102 * 512)...] == content[(102 * 512)...])
    rescue.settings.fill = .zeros
    _ = try rescue.run(RescueObserver())
    #expect(isImage(expected(drive)))
  }
}
