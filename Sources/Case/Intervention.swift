// SPDX-License-Identifier: Apache-2.0

/// What people say of a job: who asked for what, what was handed over and in which state. A value of
/// texts as they were typed, by field; what was not said is not there.
package struct Intervention: Sendable, Equatable {
  /// A question of the intervention sheet. The raw value is its name on the command line, in JSON and
  /// in the case; it never changes.
  package enum Field: String, Sendable, CaseIterable {
    // Who
    case customer, contact, ticket, technician, organisation
    // What is asked
    case request, deadline, agreed, consent
    // What was handed over
    case make, model, serial, capacity, interface, firmware, accessories, arrival, seal
    case receivedFrom = "received-from"
    case receivedAt = "received-at"
    // What was done and said
    case diagnosis, work, advice, price
    // What becomes of the data
    case storage, retention
  }

  package private(set) var texts: [Field: String] = [:]

  package init() {}

  /// What was said; nil where nothing was. Setting nothing, or white space alone, forgets it.
  package subscript(_ field: Field) -> String? {
    get { texts[field] }
    set {
      let isBlank = newValue?.allSatisfy(\.isWhitespace) ?? true
      texts[field] = isBlank ? nil : newValue
    }
  }

  package var isEmpty: Bool { texts.isEmpty }
}
