// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Bytes
import Case
import Recovery
import Storage

/// An error of the command's own.
struct Failure: Explained {
  let status: ExitStatus
  let what: String
  let place: String
  let advice: String
}

extension ExitStatus {
  /// The exit code that an error of any layer below ends in.
  init(for error: any Error) {
    switch error {
    case let failure as Failure: self = failure.status
    case is Cancelled: self = .interrupted
    case is TargetRefused: self = .refused
    case is ScanMismatch: self = .usage
    case let error as SourceError: self = error.reason == .noRights ? .noRights : .noSource
    case let error as SinkError:
      self = error.reason == .noRights ? .noRights : .targetFailed
    case let error as CaseError: self.init(error.reason)
    default: self = .failed
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

private func explain(_ error: any Error, in messages: Messages) {
  switch error {
  case is Cancelled:
    talk(messages.interrupted)
  case let error as any Explained:
    talk("renflou: \(error.what)\n  \(error.place)\n  → \(error.advice)")
  default:
    talk("renflou: \(error)")
  }
}
