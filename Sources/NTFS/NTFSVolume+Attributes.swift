// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

extension NTFSVolume {
  /// Bytes of all records that extend one: six times what Windows has room for in their list.
  private static let mostExtending = 0x400_0000

  /// All attributes of the file that a base record describes: its own, and those of the records that
  /// extend it and still belong to the same life.
  func attributes(of record: Record, number: UInt64, in catalogue: Catalogue) -> [Attribute] {
    guard let extending = catalogue.extensions[number] else { return record.attributes }
    guard record.attributes.contains(where: { $0.type == .attributeList }) else {
      return record.attributes + erasedNames(of: record, number: number, in: extending)
    }
    // The list of a deleted file may lie in clusters that are somebody else's by now.
    let listed =
      record.isInUse
      ? Set(AttributeList(of: record, geometry, source).entries.map(\.file.number)) : []
    var result = record.attributes
    let most = Self.mostExtending / max(1, geometry.recordSize)
    for other in extending.prefix(most) where listed.isEmpty || listed.contains(other) {
      guard let part = records.record(other), let base = part.base, base.number == number,
        part.isInUse == record.isInUse, belongs(base.sequence, to: record)
      else { continue }
      result += part.attributes
    }
    return result
  }

  /// The names of a deleted record that records extending it held: some systems take the list away,
  /// and empty those records, before they delete the file.
  private func erasedNames(
    of record: Record, number: UInt64, in extending: [UInt64]
  ) -> [Attribute] {
    guard !record.isInUse, record.names.isEmpty else { return [] }
    let created = record.standardInformation?.times.created
    return extending.prefix(64).compactMap { other in
      guard let part = records.record(other), let base = part.base, base.number == number,
        belongs(base.sequence, to: record), let name = part.erasedName,
        // All names of a file are of the moment at which it was made.
        Record.names(in: [name]).first?.times.created == created
      else { return nil }
      return name
    }
  }

  private func belongs(_ sequence: UInt16, to record: Record) -> Bool {
    if sequence == record.sequence { return true }
    let next = sequence &+ 1
    return !record.isInUse && record.sequence == (next == 0 ? 1 : next)
  }
}

extension Record {
  static func names(in attributes: [Attribute]) -> [FileName] {
    attributes.compactMap { attribute in
      guard attribute.type == .fileName, case .resident(let value) = attribute.form else {
        return nil
      }
      return FileName(value, at: 0)
    }
  }
}
