// SPDX-License-Identifier: Apache-2.0

import Findings
import Foundation

/// The moment that it is, for logs and reports.
@Sendable func currentTime() -> Timestamp {
  var time = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &time)
  return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    ?? Timestamp(nanoseconds: 0)
}
