// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What `body` reads; nil where it does not stand there: the end of a chain.
///
/// Throws `ReadError` only: what the medium does not deliver ends nothing.
func attempt<T>(_ body: () throws -> T) throws -> T? {
  do {
    return try body()
  } catch  where !(error is ReadError) {
    return nil
  }
}
