// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// What a case is the record of: one source, one set of options, and how far the scan is.
package struct Job: Sendable, Equatable {
  /// What is done next; `joining` and `texts` come between `carving` and `done`.
  package enum Phase: Int, Sendable {
    case pass, volumes, carving, done, joining, texts
  }

  /// The source as the user named it; empty before the first run.
  package var source = ""
  package var sourceLength: ByteCount = 0
  package var serial = ""
  /// The options that shape the result, as canonical text.
  package var options = ""
  package var phase = Phase.pass
  package var started: Timestamp?
  package var finished: Timestamp?
  /// The version of the tool that began it.
  package var version = ""

  package init() {}
}
