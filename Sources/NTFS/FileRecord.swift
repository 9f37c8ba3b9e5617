// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A file that a record describes, to be handed out: once for each name and each stream.
struct FileRecord {
  private let record: Record
  private let number: UInt64
  private let names: [FileName]
  private let streams: [Stream]
  private let reparse: ReparsePoint?
  /// Whether the data is what the system had compressed.
  private let isUnpacked: Bool
  private let volume: NTFSVolume

  /// So many findings at most have one record's number in their keys.
  private static let most = 0xFFFE
  /// The folder of what the file system keeps for itself beside its first records.
  static let extendNumber: UInt64 = 11

  /// - Parameter room: how many more pieces that the system compressed the volume may have.
  init(
    _ record: Record, number: UInt64, attributes: [Attribute], of volume: NTFSVolume,
    room: inout UInt64
  ) {
    self.record = record
    self.number = number
    self.volume = volume
    let all = Record.names(in: attributes)
    let long = all.filter { !$0.isShort }
    names = long.isEmpty ? Array(all.prefix(1)) : long
    let streams = Stream.all(in: attributes, volume.geometry, volume.source)
    let reparse =
      attributes.lazy.compactMap { attribute -> ReparsePoint? in
        guard attribute.type == .reparsePoint else { return nil }
        return attribute.value(upTo: ReparsePoint.longest, volume.geometry, volume.source)
          .flatMap(ReparsePoint.init)
      }.first
    var unpacked: [Stream]?
    if case .systemCompressed(let compression?) = reparse {
      unpacked = Stream.unpacked(streams, compression, in: volume.source, room: &room)
    }
    self.streams = unpacked ?? streams
    isUnpacked = unpacked != nil
    self.reparse = reparse
  }

  private var isLive: Bool { record.isInUse && !volume.isFormer }

  func findings(volume: UInt16, _ paths: inout Paths) -> [Finding] {
    guard isLive || !names.isEmpty || !streams.isEmpty else { return [] }
    var result: [Finding] = []
    let previous = FileReference(number: number, sequence: record.sequence &- 1)
    let former =
      record.isInUse || names.isEmpty ? [] : paths.leftovers.former(of: previous, beside: names)
    let known: [FileName?] = names.isEmpty ? [nil] : names
    let contents = contents()
    for (name, isFormer) in known.map({ ($0, false) }) + former.map({ ($0, true) }) {
      if let name, name.parent.number == Self.extendNumber { continue }
      guard result.count < Self.most else { break }
      var (folder, file) = place(name, &paths)
      if isFormer { folder.evidence.insert(.nameFromFreedDirectory) }
      for (stream, kind, content) in contents where result.count < Self.most {
        var finding = Finding(
          volume: volume, origin: isLive ? .live : .undelete, kind: kind,
          folder: folder.components, name: stream.name(of: file),
          size: content.length, times: record.standardInformation?.times ?? Times(),
          content: content, evidence: evidence(stream, kind, content),
          key: number << 32 | UInt64(record.sequence) << 16 | UInt64(clamping: result.count))
        finding.type = kind == .file ? finding.name?.pathExtension ?? "" : ""
        finding.evidence += folder.evidence.sortedByWords
        result.append(finding)
      }
    }
    return result
  }

  private func place(_ name: FileName?, _ paths: inout Paths) -> (Paths.Path, RawName) {
    if let name { return paths.path(of: name.name, in: name.parent) }
    let sequence = record.isInUse ? record.sequence : record.sequence &- 1
    let own = FileReference(number: number, sequence: sequence)
    if let entry = paths.leftovers.names[own] {
      var (folder, name) = paths.path(of: entry.name, in: entry.parent)
      folder.evidence.insert(paths.leftovers.evidence(of: own))
      return (folder, name)
    }
    return (
      Paths.Path(components: ["#records"], evidence: [.parentUnknown]),
      RawName("#\(number)-\(sequence)")
    )
  }

  /// What the file holds: a folder or link itself, its data, its other streams.
  private func contents() -> [(Stream, Finding.Kind, [Extent])] {
    let nothing = Stream(name: RawUTF16([]), content: [], unmapped: nil, isEncrypted: false)
    var result: [(Stream, Finding.Kind, [Extent])] = []
    if let target = linkTarget {
      result.append((nothing, .symbolicLink, [Extent(bytes: Array(target.utf8))]))
    } else if record.isFolder {
      result.append((nothing, .folder, []))
    } else if !streams.contains(where: \.name.isEmpty) {
      result.append(withoutData(nothing))
    }
    for stream in streams {
      if stream.name.isEmpty, linkTarget != nil || record.isFolder { continue }
      result.append((stream, .file, stream.content))
    }
    return result
  }

  /// A file without data of its own; where other records extend this one, they had it.
  private func withoutData(_ nothing: Stream) -> (Stream, Finding.Kind, [Extent]) {
    guard !isLive, reparse == nil, record.attributes.contains(where: { $0.type == .attributeList })
    else { return (nothing, .file, []) }
    let size = names.first?.size ?? 0
    let gone = Stream(
      name: nothing.name, content: [Extent(.lost, count: size)], unmapped: size,
      isEncrypted: false)
    return (gone, .file, gone.content)
  }

  private var linkTarget: String? {
    if case .link(let target) = reparse { return target }
    // Interix, and NTFS-3G before 2022: a system file that says so.
    let mark = Array("IntxLNK".utf8) + [1]
    guard record.standardInformation?.isSystem == true,
      case .bytes(let bytes) = streams.first(where: \.name.isEmpty)?.content.first?.place,
      bytes.holds(mark, at: 0)
    else { return nil }
    return RawUTF16(Array(bytes.dropFirst(mark.count))).text
  }

  private func evidence(
    _ stream: Stream, _ kind: Finding.Kind, _ content: [Extent]
  ) -> [Evidence] {
    var evidence: [Evidence] = []
    if isLive {
      evidence.append(.listedAsLive)
    } else {
      if !record.isInUse { evidence.append(.deletedEntry) }
      evidence.append(.blockListSurvived)
    }
    guard kind == .file else { return evidence }
    if stream.isEncrypted { evidence.append(.notHandled("encryption")) }
    if stream.name.isEmpty {
      switch reparse {
      case .systemCompressed:
        if !isUnpacked { evidence.append(.notHandled("compression by the system (WOF)")) }
      case .deduplicated: evidence.append(.notHandled("deduplication"))
      case .link, .other, nil: break
      }
    }
    let lost = content.filter { $0.place == .lost }.length
    if let unmapped = stream.unmapped {
      evidence.append(.blockListIncomplete(unmapped))
    } else if lost > 0 {
      evidence.append(.beyondMedium(lost))
    }
    return evidence
  }
}

extension Stream {
  /// The name to show: the file's, with the stream's behind a colon.
  fileprivate func name(of file: RawName) -> RawName {
    self.name.isEmpty ? file : RawName(file.bytes + [0x3A] + self.name.name.bytes)
  }
}
