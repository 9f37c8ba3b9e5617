// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Case

/// `FIELD=TEXT`.
struct FieldArgument: ExpressibleByArgument {
  let field: Intervention.Field
  let words: String

  init?(argument: String) {
    guard let equals = argument.firstIndex(of: "="),
      let field = Intervention.Field(rawValue: String(argument[..<equals]))
    else { return nil }
    self.field = field
    words = String(argument[argument.index(after: equals)...])
  }
}
