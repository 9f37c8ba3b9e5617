// SPDX-License-Identifier: Apache-2.0

/// A request to a server.
package struct HTTPRequest: Sendable, Equatable {
  /// A part of a form.
  package struct Part: Sendable, Equatable {
    package var name: String
    package var type: String?
    package var fileName: String?
    package var bytes: [UInt8]

    package init(name: String, type: String?, fileName: String? = nil, bytes: [UInt8]) {
      self.name = name
      self.type = type
      self.fileName = fileName
      self.bytes = bytes
    }
  }

  package enum Body: Sendable, Equatable {
    case none
    case bytes([UInt8])
    /// `multipart/form-data`; the client writes the type and its boundary itself.
    case form([Part])
  }

  package var method: String
  package var url: String
  /// In order; a name may come more than once.
  package var headers: [(name: String, value: String)]
  package var body: Body

  package init(
    _ method: String, _ url: String, headers: [(name: String, value: String)] = [],
    body: Body = .none
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  package static func == (left: Self, right: Self) -> Bool {
    left.method == right.method && left.url == right.url && left.body == right.body
      && left.headers.elementsEqual(right.headers, by: ==)
  }
}

/// What a server answered, of any status.
package struct HTTPResponse: Sendable, Equatable {
  package var status: Int
  package var body: [UInt8]

  package init(status: Int, body: [UInt8] = []) {
    self.status = status
    self.body = body
  }
}

/// A request that was not answered.
package struct HTTPFailure: Error, Equatable {
  /// libcurl's words.
  package let words: String
  /// Whether the server may have received it all the same.
  package let mayHaveArrived: Bool

  package init(words: String, mayHaveArrived: Bool) {
    self.words = words
    self.mayHaveArrived = mayHaveArrived
  }
}
