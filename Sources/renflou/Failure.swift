// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Delivery
import Imaging
import Recovery
import Storage

/// An error of the command's own, in both languages.
struct Failure: FrenchExplained {
  let status: ExitStatus
  let what: String
  let frenchWhat: String
  let place: String
  let advice: String
  let frenchAdvice: String

  init(
    status: ExitStatus, what: (String, String), place: String, advice: (String, String)
  ) {
    self.status = status
    (self.what, frenchWhat) = what
    self.place = place
    (self.advice, frenchAdvice) = advice
  }
}

extension ExitStatus {
  /// The exit code that an error of any layer below ends in.
  init(for error: any Error) {
    switch error {
    case let failure as Failure: self = failure.status
    case is Cancelled, is Interrupted: self = .interrupted
    case let error as RescueError: self.init(error.reason)
    case is TargetRefused: self = .refused
    case let error as ReadOnlyFlagError: self = error.isRights ? .noRights : .failed
    case is ScanMismatch: self = .usage
    case let error as SourceError: self.init(error.reason)
    case let error as SinkError:
      self = error.reason == .noRights ? .noRights : .targetFailed
    case let error as CaseError: self.init(error.reason)
    case let error as DeliveryError: self.init(error.reason)
    default: self = .failed
    }
  }

  private init(_ reason: SourceError.Reason) {
    switch reason {
    case .noRights: self = .noRights
    case .busy: self = .refused
    default: self = .noSource
    }
  }

  private init(_ reason: RescueError.Reason) {
    switch reason {
    case .sourceGone: self = .noSource
    case .anotherDisk, .noMap: self = .refused
    case .noImage: self = .noSource
    case .imageDiffers: self = .targetFailed
    }
  }

  private init(_ reason: DeliveryError.Reason) {
    switch reason {
    case .foreign: self = .cannotCreate
    case .noRoom, .tooLargeForFAT: self = .targetFailed
    case .noRecovery: self = .noSource
    }
  }

  private init(_ reason: CaseError.Reason) {
    switch reason {
    case .missing, .notACase: self = .noSource
    case .noRights: self = .noRights
    case .cannotCreate: self = .cannotCreate
    case .full: self = .targetFailed
    default: self = .failed
    }
  }
}

/// Runs the body of a subcommand: an error becomes three lines on stderr (what, where, what to do
/// next) and its exit code.
func reporting(_ output: OutputOptions, _ body: () throws -> ExitStatus) throws {
  do {
    try body().leave()
  } catch let code as ExitCode {
    throw code
  } catch let error as ValidationError {
    throw error
  } catch {
    explain(error, in: output.messages)
    throw ExitCode(ExitStatus(for: error).rawValue)
  }
}

/// Says on stderr what went wrong, where, and what to do next.
func explain(_ error: any Error, in messages: Messages) {
  switch error {
  case is Cancelled, is Interrupted:
    talk(messages.interrupted)
  case let error as any Explained:
    let french = error as? any FrenchExplained
    let what = messages.pick(error.what, french?.frenchWhat ?? error.what)
    let advice = messages.pick(error.advice, french?.frenchAdvice ?? error.advice)
    talk("renflou: \(what)\n  \(error.place)\n  → \(advice)")
  default:
    talk("renflou: \(error)")
  }
}
