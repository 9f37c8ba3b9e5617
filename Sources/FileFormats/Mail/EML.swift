// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// One message of electronic mail, or a page that a browser saved like one: header fields, an empty
  /// line, a body. A body of several parts ends with the mark that its header names.
  ///
  /// - Source: RFC 5322, *Internet Message Format*; RFC 2045 and 2046 (MIME); RFC 2557 (MHTML).
  package static let eml = FileFormat(
    id: "eml", name: "mail message", category: .mail, extensions: ["eml", "mht", "mhtml", "nws"],
    otherCategories: [.document: ["mht", "mhtml"]], validation: .grammar,
    signatures: [.text("X-")]
      + [
        "Received:", "Return-Path:", "From:", "Delivered-To:", "MIME-Version:", "Message-ID:",
        "Date:", "Subject:", "To:", "Content-Type:", "Reply-To:", "DKIM-Signature:", "ARC-Seal:",
        "Authentication-Results:", "Envelope-To:", "Sender:", "In-Reply-To:", "References:",
        "User-Agent:", "Thread-Topic:", "Thread-Index:", "Importance:", "Status:", "Path:",
        "Newsgroups:", "Disposition-Notification-To:", "List-", "Received-SPF:", "Return-Receipt",
        "Organization:", "Original-", "Content-Class:", "Content-Transfer-Encoding:", "Precedence:",
        "Errors-To:", "Cc:", "Comments:", "Auto-Submitted:", "Resent-", "DomainKey-Signature:",
        "X-Store-Info:", "X-Mailer:", "X-Sender:", "Xref:", "Lines:", "Relay-Version:",
        "Mailing-List:", "Feedback-ID:", "Bcc:", "Accept-Language:", "Content-Language:",
        "Content-Disposition:", "Priority:", "NNTP-Posting", "Delivery-Date:", "Keywords:",
        "Followup-To:",
      ].map { .anyCase($0) },
    maximumSize: 0x4000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineEML) }, examine: examineEML)

  private static func examineEML(_ file: Source) throws -> Examination {
    var walk = EMLWalk(file)
    var result = try Examination.walk("eml", file) { try walk.examination() }
    if result.end != .complete, !walk.header.isMessage { result.evidence = [] }
    return result
  }
}
