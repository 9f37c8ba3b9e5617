// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How many characters a line of the terminal on standard output holds; 80 where there is none, or what
/// COLUMNS says.
var terminalWidth: Int {
  var size = winsize()
  // SAFETY: the request fills a winsize, which outlives the call.
  if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
    return Int(size.ws_col)
  }
  let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
  return columns.map { min(max($0, 20), 1000) } ?? 80
}
