// SPDX-License-Identifier: Apache-2.0

extension Advice {
  /// A disk's health in a word.
  package enum Health: String, Sendable {
    case good
    case weak
    case failing
    case unknown
  }

  /// What the advice says of the disk alone, whatever uses it. Heat passes, and is no illness.
  package var health: Health {
    let told = reasons.filter { reason in
      switch reason {
      case .systemDisk, .mounted, .temperature, .temperatureWarning, .cableErrorsRise: false
      default: true
      }
    }
    if told.contains(where: { if case .healthUnknown = $0 { true } else { false } }) {
      return .unknown
    }
    switch told.map(\.course).max() ?? .go {
    case .go: return .good
    case .goGently: return .weak
    case .stop: return .failing
    }
  }
}
