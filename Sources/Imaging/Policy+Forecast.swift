// SPDX-License-Identifier: Apache-2.0

import Bytes

extension Policy {
  /// How many seconds the rest will take; nil while too little is known.
  ///
  /// What the pass at hand knows of its rest, and what reads cost so far for that of all others.
  package var remaining: ClosedRange<Double>? {
    guard survey.costs.isMeasured else { return nil }
    let costs = survey.costs
    var seconds = pass.remaining(survey)
    var doubt = 1.6
    if phase < .sweeping {
      // Of what was jumped over, half is expected to fail as it did at its edges.
      let gaps = phase == .copying ? 0 : Double(survey.map.count(.nonTried).rawValue)
      seconds += gaps * costs.perByte + gaps / Double(survey.cluster.rawValue) * costs.error / 2
      doubt = 3
    }
    if phase <= .trimming {
      let clusters =
        Double(survey.map.count(.nonTrimmed).rawValue) / Double(survey.cluster.rawValue)
      // Of each read that failed: its two edges, and half a block between them.
      seconds += phase < .trimming ? clusters * 2.4 * costs.error : 0
      let between = Double(survey.map.count(.nonScraped).rawValue)
      seconds += between / Double(survey.grid.unit.rawValue) * costs.error / 3
    }
    if phase < .retrying, settings.retries > 0 {
      let bad = survey.grid.blocks(in: 0..<ByteOffset(survey.map.count(.bad)))
      seconds += min(64, bad / 32) * costs.error
    }
    return seconds / doubt...seconds * doubt
  }
}
