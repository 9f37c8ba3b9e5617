// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// What one pass over all records tells: lives, folders, which records extend which, who owns what.
struct Catalogue {
  /// The life that a record describes.
  struct Life {
    let sequence: UInt16
    let isInUse: Bool
  }

  struct Folder {
    let sequence: UInt16
    let isInUse: Bool
    let parent: FileReference
    let name: RawName
  }

  /// A part of the medium that a deleted file claims.
  struct Claim {
    let range: Range<ByteOffset>
    let owner: UInt64
    /// When the file was last known to change; 0: unknown.
    let moment: Int64
  }

  /// Of more runs than this it is not known whose they are; the bitmap still says that they are in use.
  private static let mostRuns = 0x40_0000

  private(set) var lives: [UInt64: Life] = [:]
  private(set) var folders: [UInt64: Folder] = [:]
  /// Records that extend a base record, by its number.
  private(set) var extensions: [UInt64: [UInt64]] = [:]
  private(set) var owned: [(range: Range<ByteOffset>, owner: UInt64)] = []
  private(set) var claims: [Claim] = []
  private(set) var recycled = RecycleBin()
  /// Folders and files without a name in their own record.
  private(set) var nameless: Set<UInt64> = []

  init(of volume: NTFSVolume) {
    for index in 0..<volume.records.count {
      guard let record = volume.records.record(at: index) else { continue }
      add(record, number: volume.records.number(at: index), of: volume)
    }
    for number in nameless.sorted() {
      guard let record = volume.records.record(number) else { continue }
      let attributes = volume.attributes(of: record, number: number, in: self)
      let names = Record.names(in: attributes)
      guard let name = names.first(where: { !$0.isShort }) ?? names.first else { continue }
      nameless.remove(number)
      if record.isFolder {
        folders[number] = Folder(
          sequence: record.sequence, isInUse: record.isInUse, parent: name.parent, name: name.name)
      }
    }
  }

  private mutating func add(_ record: Record, number: UInt64, of volume: NTFSVolume) {
    let owner = record.base?.number ?? number
    if let base = record.base {
      extensions[base.number, default: []].append(number)
    } else {
      lives[number] = Life(sequence: record.sequence, isInUse: record.isInUse)
      let names = record.names
      if let name = names.first(where: { !$0.isShort }) ?? names.first {
        if record.isFolder {
          folders[number] = Folder(
            sequence: record.sequence, isInUse: record.isInUse, parent: name.parent,
            name: name.name)
        }
      } else {
        nameless.insert(number)
      }
      recycled.add(record, names)
    }
    let times = record.standardInformation?.times
    // What was in use when the volume was given up was written last.
    let moment =
      record.isInUse
      ? Int64.max : max(times?.changed?.nanoseconds ?? 0, times?.created?.nanoseconds ?? 0)
    for attribute in record.attributes {
      guard case .mapped(let mapping) = attribute.form else { continue }
      for run in mapping.runs ?? [] {
        guard let cluster = run.cluster,
          let range = volume.geometry.range(of: cluster, count: run.count)?
            .clamped(to: volume.source.range), !range.isEmpty
        else { continue }
        for there in (try? volume.source.onMedium(range))?.mediumRanges ?? [] {
          if record.isInUse, !volume.isFormer {
            if owned.count < Self.mostRuns { owned.append((there, owner)) }
          } else if attribute.type == .data, claims.count < Self.mostRuns {
            claims.append(Claim(range: there, owner: owner, moment: moment))
          }
        }
      }
    }
  }

  /// Whether the life that `reference` means is the one that its record describes, now or deleted:
  /// deletion counts the sequence up by one.
  func describes(_ reference: FileReference) -> Bool {
    guard let life = lives[reference.number] else { return false }
    return Self.matches(life.sequence, isInUse: life.isInUse, reference)
  }

  /// Whether no record tells the name of the life that `reference` means.
  func lacksName(_ reference: FileReference) -> Bool {
    nameless.contains(reference.number) || !describes(reference)
  }

  /// Whether the life that `reference` means is the last one of a record that is not in use.
  func isDeleted(_ reference: FileReference) -> Bool {
    guard let life = lives[reference.number], !life.isInUse else { return false }
    return Self.matches(life.sequence, isInUse: false, reference)
  }

  /// The folder that `reference` means; nil where its record describes something else by now.
  func folder(_ reference: FileReference) -> Folder? {
    guard let folder = folders[reference.number],
      Self.matches(folder.sequence, isInUse: folder.isInUse, reference)
    else { return nil }
    return folder
  }

  private static func matches(
    _ sequence: UInt16, isInUse: Bool, _ reference: FileReference
  ) -> Bool {
    if sequence == reference.sequence { return true }
    // 0 stands for "none": the count goes on with 1.
    let next = reference.sequence &+ 1
    return !isInUse && sequence == (next == 0 ? 1 : next)
  }

  /// Which bytes of each deleted file another one claims that was written later.
  func losses() -> [UInt64: [RivalClaims<UInt64>.Loss]] {
    var rivals = RivalClaims<UInt64>()
    var moments: [UInt64: Int64] = [:]
    for claim in claims {
      rivals.add([claim.range], of: claim.owner)
      moments[claim.owner] = claim.moment
    }
    return rivals.losses(areRivals: !=) { ((moments[$0] ?? 0), $0) > ((moments[$1] ?? 0), $1) }
  }
}
