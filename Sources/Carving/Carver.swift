// SPDX-License-Identifier: Apache-2.0

import Bytes
import FileFormats
import Findings

/// Turns candidates into findings: asks the format, and keeps what is a file.
package struct Carver: Sendable {
  package let space: CarvingSpace

  package init(space: CarvingSpace) { self.space = space }

  /// What a look at one candidate gave.
  struct Look: Sendable {
    /// Nil where nothing worth keeping stands.
    var carved: Carved?
    /// Bytes read.
    var cost: UInt64 = 0
    /// Whether the look was ended before its answer.
    var isCutShort = false
    /// Whether it was allowed to go as far as a file may reach.
    var isWhole = true
  }

  /// A look that is not a whole one sees so much of a candidate.
  private static let glance: ByteCount = 0x1_0000
  private static let allowance: UInt64 = 0x400_0000

  /// What stands at the candidate's place; nil where nothing worth keeping does.
  package func examine(_ candidate: Candidate) -> Carved? { look(at: candidate).carved }

  /// - Parameter isWhole: false for a glance, where the neighbourhood has used up its share: files that
  ///   are longer are cut short.
  func look(at candidate: Candidate, isWhole: Bool = true) -> Look {
    let limit = candidate.format.maximumSize
    let extents = space.extents(
      from: candidate.offset, limit: isWhole ? limit : min(limit, Self.glance))
    guard !extents.isEmpty else { return Look(isWhole: isWhole) }
    let (file, meter) = space.metered(
      extents, name: candidate.format.id, start: candidate.offset, allowance: Self.allowance)
    var look = Look(isWhole: isWhole)
    do {
      var examination = try candidate.format.examine(file)
      if let reach = try Mending.reach(of: file, candidate.format, examination) {
        examination.length = max(examination.length, reach)
      }
      if candidate.offset.rawValue % Self.sector == 0 {
        try takeLineEnd(of: file, into: &examination)
      }
      look.carved = kept(examination, candidate, extents)
    } catch is MeteredMedium.Spent {
      look.isCutShort = true
    } catch {}
    look.cost = meter?.used ?? 0
    if !isWhole, look.carved?.isComplete != true {
      look.carved = nil
      look.isCutShort = true
    }
    return look
  }

  static let sector: UInt64 = 512

  /// Behind a file its sector is filled with zeros: a line end that stands between both is the file's
  /// own, though its format does not know of it.
  func takeLineEnd(of file: Source, into examination: inout Examination) throws {
    guard examination.end == .complete else { return }
    let end = ByteOffset(examination.length)
    let rest = (Self.sector - end.rawValue % Self.sector) % Self.sector
    let tail = try file.readPrefix(at: end, count: ByteCount(rest))
    let count = tail.prefix(2) == [0x0D, 0x0A] ? 2 : tail.first == 0x0A ? 1 : 0
    guard count > 0, tail.count >= count + 16, tail.dropFirst(count).allSatisfy({ $0 == 0 })
    else { return }
    examination.length = examination.length.addingClamped(ByteCount(clamping: count))
    examination.evidence.append(.bytesBehindEnd(ByteCount(clamping: count)))
  }

  private func kept(
    _ examination: Examination, _ candidate: Candidate, _ extents: [Extent]
  ) -> Carved? {
    guard examination.length > 0 else { return nil }
    let content = extents.prefix(examination.length)
    // A piece that begins no sector is a piece of something else, and broken besides.
    let isKept =
      examination.end == .complete
      || candidate.offset.rawValue % Self.sector == 0
        && isWorthKeeping(examination, candidate.format)
    // What is not kept may still tell what else is not worth a look.
    guard isKept || !examination.children.isEmpty else { return nil }
    return Carved(
      format: candidate.format, start: candidate.offset, content: content,
      examination: examination, unreadable: space.unreadable(in: content), isKept: isKept)
  }

  /// A truncated file may be this long, unless it is a video: beyond, it is a size that somebody's
  /// chance bytes state.
  private static let longestCut: ByteCount = 0x400_0000

  /// A broken file is kept from 2 KiB on: below it, a header is too likely to be a coincidence.
  func isWorthKeeping(_ examination: Examination, _ format: FileFormat) -> Bool {
    if examination.end == .truncated, examination.length > Self.longestCut,
      format.category != .video
    {
      return false
    }
    return examination.length >= 2048
      && examination.evidence.contains { if case .headerMatched = $0 { true } else { false } }
  }
}
