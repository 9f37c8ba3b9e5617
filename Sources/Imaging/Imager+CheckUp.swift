// SPDX-License-Identifier: Apache-2.0

import Bytes
import Storage

extension Imager {
  /// The longest that a source is left alone to cool: after that it will not get cooler.
  private static let longestPause = Duration.seconds(3600)

  /// Has the source's health looked at where it is time to, and leaves it alone as long as it is to
  /// be; no read is under way meanwhile, nor hangs.
  ///
  /// Throws `RescueError` where it gets worse; all that was read is saved by then.
  func checkUp() throws {
    guard !drive.isHanging, var checkUp = observer.checkUp() else { return }
    let before = stage
    defer { stage = before }
    let clock = ContinuousClock()
    let began = clock.now
    while true {
      try log(.health(checkUp))
      switch checkUp.order {
      case .goOn: return
      case .stop:
        try write()
        throw RescueError(drive.name, .worse)
      case .pause where stage != .cooling:
        try write()
        stage = .cooling
      case .pause: break
      }
      repeat {
        if tick() { throw Interrupted() }
        if clock.now - began > Self.longestPause { return }
        pause(0.25)
      } while !next(&checkUp)
    }
  }

  private func next(_ checkUp: inout CheckUp) -> Bool {
    guard let new = observer.checkUp() else { return false }
    checkUp = new
    return true
  }
}
