// SPDX-License-Identifier: Apache-2.0

/// Whole files of every format, built in code: what the contract is checked on, and what the fuzzer
/// starts from. A family's list stands in its folder.
package enum Specimens {
  package static let all: [Specimen] =
    pictures + video + audio + documents + mail + archives + databases + system
}
