// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// An NTFS file system, in force or what is left of one. One reader serves both: deletion leaves
/// records as they are, but for a flag and the sequence number.
package struct NTFSVolume: Volume {
  /// The volume from its first sector on; clusters count from here.
  let source: Source
  let geometry: Geometry
  let records: Records
  /// Formatted over: what its records call in use no longer is.
  let isFormer: Bool
  package let label: String
  package let remarks: [String]

  package var kind: String { "NTFS" }
  package var clusterSize: ByteCount { ByteCount(geometry.clusterSize) }

  /// Opens the file system that starts with the source; nil where none does.
  ///
  /// Throws `Malformed` where its MFT cannot be found, and `ReadError`.
  package static func open(_ source: Source) throws -> NTFSVolume? {
    guard let boot = BootSector(try source.readPrefix(at: 0, count: 512)) else { return nil }
    return try NTFSVolume(boot, in: source, remarks: [])
  }

  /// Opens a file system whose first sector is gone, by the backup in the last one.
  package static func openByBackup(_ source: Source) throws -> NTFSVolume? {
    for size: UInt64 in [512, 4096] where source.length.rawValue >= 2 * size {
      let last = ByteOffset(source.length.rawValue / size * size - size)
      if let boot = BootSector(try source.readPrefix(at: last, count: 512)),
        boot.sectorSize == size, boot.length.rawValue <= source.length.rawValue
      {
        return try? NTFSVolume(boot, in: source, remarks: ["opened by the backup boot sector"])
      }
    }
    return nil
  }

  /// Throws `Malformed` where neither the MFT nor its mirror tells where the MFT lies.
  init(_ boot: BootSector, in source: Source, remarks: [String]) throws {
    var geometry = boot.geometry
    var remarks = remarks
    var table: Source?
    for (cluster, isMirror) in [(boot.tableCluster, false), (boot.mirrorCluster, true)] {
      guard let place = geometry.range(of: cluster, count: 1)?.lowerBound else { continue }
      if let size = Record.size(in: try? source.readPrefix(at: place, count: 32)) {
        geometry = geometry.with(recordSize: size)
      }
      guard
        let raw = try? source.read(at: place, count: ByteCount(clamping: geometry.recordSize)),
        let record = Record(raw), record.isInUse,
        let found = Self.table(record, geometry, source)
      else { continue }
      if isMirror { remarks.append("the MFT was found by its mirror") }
      table = found
      break
    }
    guard let table else {
      throw Malformed("NTFS", "neither the MFT nor its mirror can be read")
    }
    if let remark = ShadowCopies(in: source)?.remark { remarks.append(remark) }
    if boot.length > source.length { remarks.append("the source ends before the file system does") }
    self.init(
      source: source, geometry: geometry,
      records: Records(
        table: table, recordSize: geometry.recordSize, within: source.length), isFormer: false,
      remarks: remarks)
  }

  init(
    source: Source, geometry: Geometry, records: Records, isFormer: Bool, remarks: [String]
  ) {
    self.source = source
    self.geometry = geometry
    self.records = records
    self.isFormer = isFormer
    self.remarks = remarks
    label = Self.label(records)
  }

  /// The MFT's own bytes, as its record 0 and those that extend it map them.
  private static func table(_ record: Record, _ geometry: Geometry, _ source: Source) -> Source? {
    var parts = mappings(of: .data, in: record)
    guard var value = MappedValue(parts) else { return nil }
    if record.attributes.contains(where: { $0.type == .attributeList }) {
      // Records that extend this one lie in the part that is mapped so far.
      var visited: Set<UInt64> = []
      while visited.count < 1024 {
        let mapped = value.runs.last.map { $0.first + $0.count } ?? 0
        let part = Records(
          table: source.joined(value.extents(geometry, in: source)),
          recordSize: geometry.recordSize, within: source.length)
        let list = AttributeList(of: record, geometry, source)
        guard
          let next = list.entries.first(where: {
            $0.type == .data && $0.name.isEmpty && $0.first == mapped && $0.file.number != 0
          }), visited.insert(mapped).inserted, let extending = part.record(next.file.number)
        else { break }
        parts += mappings(of: .data, in: extending)
        guard let longer = MappedValue(parts) else { break }
        value = longer
      }
    }
    guard value.size >= ByteCount(clamping: geometry.recordSize) else { return nil }
    return source.joined(value.extents(geometry, in: source), name: "$MFT")
  }

  private static func mappings(
    of type: Attribute.Kind, in record: Record
  ) -> [(attribute: Attribute, mapping: Attribute.Mapping)] {
    record.attributes.compactMap { attribute in
      guard attribute.type == type, attribute.name.isEmpty,
        case .mapped(let mapping) = attribute.form
      else { return nil }
      return (attribute, mapping)
    }
  }

  /// When the volume was formatted, as its MFT was made; nil where that is not known, or it is no longer
  /// in force.
  var formatted: Timestamp? {
    isFormer ? nil : records.record(0)?.standardInformation?.times.created
  }

  private static func label(_ records: Records) -> String {
    for attribute in records.record(3)?.attributes ?? [] where attribute.type == .volumeName {
      if case .resident(let value) = attribute.form { return RawUTF16(value).text }
    }
    return ""
  }
}
