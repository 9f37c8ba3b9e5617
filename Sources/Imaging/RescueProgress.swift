// SPDX-License-Identifier: Apache-2.0

import Bytes
import Checksums
import Storage

/// How far an image is.
package struct RescueProgress: Sendable {
  package enum Stage: Sendable, Hashable {
    case reading(Phase)
    /// The structures of the file systems, and which files are wanted first.
    case looking
    /// The source does not answer, and is waited for.
    case waiting
    /// The source is too hot, and is left alone.
    case cooling
    case filling
    case hashing
    case verifying
  }

  package let stage: Stage
  package let map: RescueMap
  /// Where the last read was.
  package let position: ByteOffset
  /// How many reads failed in this run.
  package let failedReads: Int
  package let secondsSinceGood: Double
  /// How many seconds reading will still take; nil while too little is known.
  package let remaining: ClosedRange<Double>?
  /// Of hashing and verifying: how much is done.
  package let done: ByteCount
}

/// What an imager asks of whoever started it.
package struct RescueObserver: Sendable {
  /// Called several times a second.
  package let observe: @Sendable (RescueProgress) -> Void
  package let isCancelled: @Sendable () -> Bool
  /// Asked between two reads, while the source does well: nil where nobody asked its health now.
  package let checkUp: @Sendable () -> CheckUp?
  /// One line of JSON for the log is to be made of an event.
  package let describe: @Sendable (RescueEvent) -> String

  package init(
    observe: @escaping @Sendable (RescueProgress) -> Void = { _ in },
    isCancelled: @escaping @Sendable () -> Bool = { false },
    checkUp: @escaping @Sendable () -> CheckUp? = { nil },
    describe: @escaping @Sendable (RescueEvent) -> String = { "\($0)" }
  ) {
    self.observe = observe
    self.isCancelled = isCancelled
    self.checkUp = checkUp
    self.describe = describe
  }
}

/// What the log of an image has to tell.
package enum RescueEvent: Sendable {
  case began(SourceIdentity, resumed: Bool)
  case sourceGone(failedReads: Int)
  case sourceBack
  case health(CheckUp)
  case interrupted
  case stopped(String)
  case filled(Range<ByteOffset>, ImagerSettings.Fill)
  case bad(Range<ByteOffset>)
  case digest(MessageDigest.Kind, [UInt8], isComplete: Bool)
  case verified(Bool)
  case ended(finished: ByteCount, bad: ByteCount, unread: ByteCount, failedReads: Int)
}
