// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// A file of which a list of blocks was left: where it lies need not be guessed, but lists outlive the
/// files that they were made for, so that the content must agree.
package struct ListedFile: Sendable {
  /// Whole blocks in the order of the file.
  private let content: [Extent]
  private let blockSize: ByteCount
  /// Where the file ends before this, the list says nothing of it.
  private let assumed: ByteCount?
  private let formats: [FileFormat]

  /// - Parameters:
  ///   - content: whole blocks in the order of the file.
  ///   - assumed: how much of the file no list names, where no other list knows of a file from the same
  ///     start on: behind it the list is right even where the format sees an end before.
  ///   - formats: all that it may be of.
  package init(
    _ content: [Extent], blockSize: ByteCount, assumed: ByteCount?,
    formats: [FileFormat] = FileFormat.all
  ) {
    self.content = content
    self.assumed = assumed
    self.blockSize = blockSize
    self.formats = formats
  }

  /// What such a file turned out to be.
  package enum Answer: Sendable {
    case carved(Carved)
    case text(PlainText.Text)
  }

  private static let head: ByteCount = 0x1_0000
  private static let longestSignature = 0x8000 + 4096
  private static let allowance: UInt64 = 0x400_0000
  /// Text is looked for in no more than this.
  private static let longestText: ByteCount = 0x1000_0000

  /// The file, and how many bytes were read for it; nil where the content does not agree.
  func look(by carver: Carver) -> (answer: Answer?, cost: UInt64) {
    var cost: UInt64 = 0
    var best: Carved?
    for candidate in candidates(by: carver) {
      let plain = carver.look(at: candidate)
      cost &+= plain.cost
      guard let carved = listed(candidate, plain.carved, by: carver, &cost),
        best.map({ isBetter(carved, than: $0) }) ?? true
      else { continue }
      best = carved
    }
    if let best { return (.carved(best), cost) }
    return (text(by: carver, &cost).map(Answer.text), cost)
  }

  /// What seems to begin where the file does: a format that looks beyond the first blocks is shown those
  /// that the list names.
  private func candidates(by carver: Carver) -> [Candidate] {
    guard let start = content.first?.range?.lowerBound else { return [] }
    let file = carver.space.readable(content, name: "head")
    let head = ByteOffset(0)..<ByteOffset(min(file.length, Self.head).rawValue)
    let matching = try? file.withBytes(in: head) { bytes in
      let signed =
        (try? bytes.copy(at: 0, count: min(bytes.byteCount, Self.longestSignature))) ?? []
      return formats.filter { $0.isRecognised(in: signed) && $0.resembles(bytes) }
    }
    return (matching ?? []).map { Candidate(format: $0, offset: start) }
  }

  private func isBetter(_ new: Carved, than old: Carved) -> Bool {
    let verdicts = (new.finding(volume: 0).verdict, old.finding(volume: 0).verdict)
    return verdicts.0 < verdicts.1
      || verdicts.0 == verdicts.1 && new.examination.length > old.examination.length
  }

  /// The file as the list has it, unless what lies in one piece from the same start on is proven
  /// better.
  private func listed(
    _ candidate: Candidate, _ plain: Carved?, by carver: Carver, _ cost: inout UInt64
  ) -> Carved? {
    let (file, meter) = carver.space.metered(
      content, name: candidate.format.id, start: nil, allowance: Self.allowance)
    defer { cost &+= meter?.used ?? 0 }
    guard var examination = try? candidate.format.examine(file), examination.end == .complete,
      // The list tells the last block.
      examination.length.addingClamped(blockSize) > content.length
        || assumed.map({ examination.length > $0 }) ?? false
    else { return nil }
    let strength = Strength(examination)
    if let plain, plain.isComplete {
      let other = Strength(plain.examination)
      if other == .checksums,
        plain.content.coalesced != content.prefix(examination.length).coalesced
      {
        return nil
      }
      if other == .decoding, strength < .decoding { return nil }
    }
    takeRest(of: file, into: &examination)
    examination.evidence.append(.blockListSurvived)
    let content = content.prefix(examination.length).coalesced
    return Carved(
      format: candidate.format, start: candidate.offset, content: content,
      examination: examination, unreadable: carver.space.unreadable(in: content))
  }

  /// Behind a file its last block is filled with zeros: what else stands there is the file's own, though
  /// its format does not know of it.
  private func takeRest(of file: Source, into examination: inout Examination) {
    let end = ByteOffset(examination.length)
    let start = max(end.rawValue, file.length.subtractingClamped(blockSize).rawValue)
    guard let rest = try? file.readPrefix(at: ByteOffset(start), count: blockSize),
      let last = rest.lastIndex(where: { $0 != 0 })
    else { return }
    let count = ByteCount(clamping: last + 1).addingClamped(ByteCount(start - end.rawValue))
    examination.length = examination.length.addingClamped(count)
    examination.evidence.append(.bytesBehindEnd(count))
  }

  /// The file as plain text, if all of its blocks are.
  private func text(by carver: Carver, _ cost: inout UInt64) -> PlainText.Text? {
    guard content.length <= Self.longestText else { return nil }
    var run = PlainText()
    var position: ByteCount = 0
    for extent in content {
      guard let range = extent.range else { return nil }
      var start = range.lowerBound
      while start < range.upperBound {
        let block = start..<min(start.advancedClamped(by: blockSize), range.upperBound)
        let source = carver.space.readable([Extent(block)], name: "text")
        cost &+= block.length.rawValue
        guard
          let text = try? source.withBytes(
            in: source.range, { [run.add($0, at: block.lowerBound)] })
        else { return nil }
        position = position.addingClamped(block.length)
        if let whole = text[0] {
          return position == content.length && !whole.isCut
            && whole.content.length.addingClamped(blockSize) > content.length ? whole : nil
        }
        guard !run.isIdle else { return nil }
        start = block.upperBound
      }
    }
    guard let whole = run.finish(), whole.content.length == content.length else { return nil }
    return PlainText.Text(content: whole.content, isCut: false)
  }
}
