// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression
import Findings

/// The walk over a file of compressed streams that stand end to end, each with an end of its own.
struct PackedStreams {
  /// What starts at a place.
  enum Part {
    /// A stream that was decompressed, and whether a checksum spoke for it.
    case stream(Decoding, end: ByteOffset, isChecked: Bool)
    /// A stream that was decompressed without a complaint, and whether a checksum spoke for it.
    case held(end: ByteOffset, isChecked: Bool)
    /// Something of the format that holds no data, or data that cannot be decompressed.
    case passed(end: ByteOffset, isChecked: Bool)
  }

  /// The most that may come out of one stream.
  static let longest: UInt64 = 1 << 42
  private static let sector: UInt64 = 512

  let id: String
  let name: String
  /// The kind of checksum that streams carry.
  let checksum: String
  /// Whether a stream that breaks is kept as a broken file of the format.
  var keepsBroken = true

  private var evidence: [Evidence] { keepsBroken ? [.headerMatched(id)] : [] }

  init(id: String, name: String, checksum: String, keepsBroken: Bool = true) {
    self.id = id
    self.name = name
    self.checksum = checksum
    self.keepsBroken = keepsBroken
  }

  /// - Parameter part: reads what starts at an offset; nil where nothing of the format does.
  func examination(
    of file: Source, _ part: (ByteOffset) throws -> Part?
  ) throws -> Examination {
    var position: ByteOffset = 0
    var streams: UInt64 = 0
    var checked: UInt64 = 0
    var isUnchecked = false
    var isAmbiguous = false
    parts: while let next = try self.next(part, at: position, isFirst: streams == 0) {
      let end: ByteOffset
      let isStreamChecked: Bool
      switch next {
      case .passed(let behind, let isChecked):
        guard behind <= file.range.upperBound else { throw Truncated() }
        isUnchecked = isUnchecked || !isChecked
        position = behind
        continue
      case .stream(let decoding, let behind, let isChecked):
        if let problem = problem(decoding, behind) {
          // What begins a sector behind a whole stream may be another file.
          if streams > 0, startsSector(position) { break parts }
          return problem
        }
        (end, isStreamChecked) = (behind, isChecked)
      case .held(let behind, let isChecked): (end, isStreamChecked) = (behind, isChecked)
      }
      isAmbiguous = isAmbiguous || streams > 0 && startsSector(position)
      streams &+= 1
      checked &+= isStreamChecked ? 1 : 0
      position = end
    }
    guard streams > 0 || isUnchecked else {
      throw Malformed(name, "it holds no stream", at: position)
    }
    var result = complete(
      at: position, streams: streams, checked: checked, isUnchecked: isUnchecked)
    // Two files may stand there, one behind the other.
    if isAmbiguous { result.evidence.append(.endReasoned) }
    return result
  }

  private func startsSector(_ position: ByteOffset) -> Bool {
    position.rawValue % Self.sector == 0
  }

  /// What starts at `position`; nil, too, where a later part breaks that may be another file.
  private func next(
    _ part: (ByteOffset) throws -> Part?, at position: ByteOffset, isFirst: Bool
  ) throws -> Part? {
    do {
      return try part(position)
    } catch  where !(error is ReadError) && !isFirst && startsSector(position) {
      return nil
    }
  }

  private func problem(_ decoding: Decoding, _ end: ByteOffset) -> Examination? {
    switch decoding.end {
    case .complete: nil
    case .truncated: .truncated(at: end, evidence: evidence)
    case .corrupt:
      .broken(at: end, problem: "its data cannot be decompressed", evidence: evidence)
    case .tooLong:
      .broken(at: end, problem: "it expands beyond all measure", evidence: evidence)
    case .notHandled:
      .broken(at: end, problem: "not handled: its data asks for too much", evidence: evidence)
    }
  }

  private func complete(
    at end: ByteOffset, streams: UInt64, checked: UInt64, isUnchecked: Bool
  ) -> Examination {
    if isUnchecked { return .whole(id, name, end: end, and: [.payloadUnchecked]) }
    if checked < streams { return .whole(id, name, end: end, and: [.decoded(name)]) }
    return .whole(id, name, end: end, and: [.checksumsHold(count: checked, kind: checksum)])
  }
}
