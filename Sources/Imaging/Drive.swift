// SPDX-License-Identifier: Apache-2.0

import Bytes
import Storage

/// What an imager reads from, as long as it is there.
package protocol Drive: AnyObject {
  /// What the user calls it.
  var name: String { get }
  var identity: SourceIdentity { get }
  var length: ByteCount { get }
  /// What offsets and lengths of reads are multiples of.
  var sector: ByteCount { get }

  /// How many bytes are best asked for at once while nothing fails.
  var flight: ByteCount { get }

  /// Readies it for reading, or for reading again after it was lost.
  ///
  /// - Parameters:
  ///   - settle: returns once nobody looks at lent bytes any more.
  ///   - tick: called several times a second while a read is waited for; true ends the job.
  /// - Returns: whether a source of this identity is there.
  func connect(settle: @escaping () -> Void, tick: @escaping () -> Bool) throws -> Bool

  /// Whether a read that was given up still hangs.
  var isHanging: Bool { get }

  /// Lets go of it.
  func disconnect()

  /// Makes all attempts, at most `Attempt.mostAtOnce`, and hands the outcomes out in their order.
  ///
  /// The bytes of a read are lent until the batch after the next is read.
  ///
  /// - Returns: false where the source said that it is gone; the rest was not read then.
  func read(_ attempts: [Attempt], _ take: Take) throws -> Bool

  typealias Take = (_ outcome: Outcome, _ bytes: UnsafeRawBufferPointer?) throws -> Void
}
