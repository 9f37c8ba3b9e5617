// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Foundation
import GRDB

extension Case {
  /// Adds findings in one transaction; their ids are in the order of insertion.
  ///
  /// - Parameter carving: how far carving is with these; nil while it has not begun.
  package func add(_ findings: [Finding], carving: CarvingProgress? = nil) throws {
    try add(findings, carving: carving, replacing: [], next: nil)
  }

  private func add(
    _ findings: [Finding], carving: CarvingProgress?, replacing ids: [Int64], next: Job.Phase?
  ) throws {
    let prefixes = try folderNames()
    try write { database in
      for id in ids {
        try database.execute(sql: "DELETE FROM finding WHERE id = ?", arguments: [id])
      }
      if let next {
        try database.execute(sql: "UPDATE job SET phase = ?", arguments: [next.rawValue])
      }
      let insert = try database.cachedStatement(
        sql: """
          INSERT INTO finding (volume, origin, kind, folder, name, type, size, created, modified,
            changed, accessed, verdict, key, content, evidence)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      var folders: [FolderKey: Int64] = [:]
      for finding in findings {
        let key = FolderKey(
          volume: finding.hasVolumePath ? finding.volume : 0, components: finding.folder)
        let folder: Int64
        if let known = folders[key] {
          folder = known
        } else {
          folder = try Self.folderID(key, prefix: prefixes[key.volume], in: database)
          folders[key] = folder
        }
        var content = ByteWriter()
        content.put(finding.content)
        var evidence = ByteWriter()
        evidence.put(finding.evidence)
        try insert.execute(arguments: [
          Int64(finding.volume), Int64(finding.origin.rawValue), Int64(finding.kind.rawValue),
          folder, finding.name.map { Data($0.bytes) }, finding.type, finding.size.stored,
          finding.times.created?.nanoseconds, finding.times.modified?.nanoseconds,
          finding.times.changed?.nanoseconds, finding.times.accessed?.nanoseconds,
          Int64(finding.verdict.rawValue), Int64(bitPattern: finding.key), Data(content.bytes),
          Data(evidence.bytes),
        ])
      }
      if let carving {
        try database.execute(
          sql: "UPDATE job SET carvedTo = ?, cutShort = ?, credit = ?",
          arguments: [
            carving.position.stored, carving.cutShort, carving.credit,
          ])
      }
    }
  }

  /// The files that were carved at places of a range, in order of id.
  package func carved(in range: Range<ByteOffset>) throws -> [Finding] {
    try write { try Schema.indexPlaces(in: $0) }
    return try read { database in
      let ids = try Int64.fetchAll(
        database,
        sql: "SELECT id FROM finding WHERE origin = ? AND key >= ? AND key < ? ORDER BY id",
        arguments: [
          Int64(Finding.Origin.carve.rawValue), range.lowerBound.stored, range.upperBound.stored,
        ])
      var folders: [Int64: [RawName]?] = [:]
      return try ids.compactMap { try Self.finding($0, in: database, folders: &folders) }
    }
  }

  /// Puts files that were joined in the place of those carved at some offsets, and ends that step, in one
  /// transaction.
  package func replaceCarved(
    at starts: Set<ByteOffset>, with findings: [Finding], carving: CarvingProgress
  ) throws {
    let ids = try read { database in
      try starts.sorted().flatMap {
        try Int64.fetchAll(
          database, sql: "SELECT id FROM finding WHERE origin = ? AND key = ?",
          arguments: [Int64(Finding.Origin.carve.rawValue), Int64(bitPattern: $0.rawValue)])
      }
    }
    try add(findings, carving: carving, replacing: ids, next: .texts)
  }

  /// How far carving is; nil before it has begun.
  package func carving() throws -> CarvingProgress? {
    try read { database in
      guard let row = try Row.fetchOne(database, sql: "SELECT carvedTo, cutShort, credit FROM job"),
        let position: Int64 = row[0]
      else { return nil }
      return CarvingProgress(
        position: ByteOffset(stored: position), cutShort: row[1],
        credit: row[2])
    }
  }

  /// Forgets all findings, so that those found anew get the numbers that they would have had.
  package func deleteFindings() throws {
    try write { try $0.execute(sql: "DELETE FROM finding; DELETE FROM folder") }
  }

  /// Ends the scan: builds what makes queries quick.
  package func finishScan() throws {
    try write { try Schema.createIndexes(in: $0) }
  }

  /// One finding.
  package func finding(_ id: Int64) throws -> Finding? {
    try read { database in
      var folders: [Int64: [RawName]?] = [:]
      return try Self.finding(id, in: database, folders: &folders)
    }
  }

  /// Hands out findings in order of path, then id, until `body` answers false. Other methods may
  /// be called meanwhile.
  package func each(_ query: Query, _ body: (Int64, Finding) throws -> Bool) throws {
    try each(query, withWritten: false) { id, finding, _ in try body(id, finding) }
  }

  /// The same, with how each was written.
  package func eachWithWritten(
    _ query: Query, _ body: (Int64, Finding, WrittenRecord?) throws -> Bool
  ) throws {
    try each(query, withWritten: true, body)
  }

  private func each(
    _ query: Query, withWritten: Bool, _ body: (Int64, Finding, WrittenRecord?) throws -> Bool
  ) throws {
    let ids = try self.ids(of: query)
    var rest = ids[...]
    while !rest.isEmpty {
      let batch = rest.prefix(512)
      rest = rest.dropFirst(batch.count)
      let findings = try read { database in
        var folders: [Int64: [RawName]?] = [:]
        return try batch.compactMap { id -> (Int64, Finding, WrittenRecord?)? in
          guard let finding = try Self.finding(id, in: database, folders: &folders) else {
            return nil
          }
          return (id, finding, withWritten ? try Self.written(id, in: database) : nil)
        }
      }
      for (id, finding, written) in findings {
        if try !body(id, finding, written) { return }
      }
    }
  }

  /// The ids that a query selects, in its order.
  private func ids(of query: Query) throws -> [Int64] {
    func all(_ query: Query) throws -> [Int64] {
      try read { database in
        let selection = try Selection(query, in: database)
        return try Int64.fetchAll(
          database, sql: "SELECT finding.id " + selection.ordered, arguments: selection.arguments)
      }
    }
    guard !query.first.isEmpty else { return try all(query) }
    var unlimited = query
    unlimited.limit = nil
    let selected = try all(unlimited)
    var rest = Set(selected)
    var ids: [Int64] = []
    for first in query.first { ids += try all(first).filter { rest.remove($0) != nil } }
    ids += selected.filter(rest.contains)
    return Array(ids.prefix(query.limit ?? .max))
  }

  package func count(_ query: Query) throws -> Int {
    let limit = query.limit ?? .max
    return try read { database in
      let selection = try Selection(query, in: database)
      let count = try Int.fetchOne(
        database, sql: "SELECT count(*) " + selection.unordered, arguments: selection.arguments)
      return min(count ?? 0, limit)
    }
  }

  /// How many there are of each origin, type and verdict; a limit does not apply.
  package func totals(_ query: Query) throws -> [Total] {
    try read { database in
      let selection = try Selection(query, in: database)
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT origin, type, \(Selection.verdict) AS grade, count(*), total(size)
          \(selection.unordered) GROUP BY origin, type, grade ORDER BY origin, type, grade
          """, arguments: selection.arguments)
      return rows.compactMap { row in
        guard let origin = Finding.Origin(rawValue: UInt8(clamping: row[0] as Int64)),
          let verdict = Verdict(rawValue: UInt8(clamping: row[2] as Int64))
        else { return nil }
        let bytes = max(0, min(row[4] as Double, 0x1p62))
        return Total(
          origin: origin, type: row[1], verdict: verdict, count: row[3],
          bytes: ByteCount(UInt64(bytes)))
      }
    }
  }

  /// The path of a finding as lists show it, raw: the volume's folder, its folders, its name.
  package func path(of finding: Finding, id: Int64) throws -> [UInt8] {
    let prefix = finding.hasVolumePath ? try folderNames()[finding.volume] : nil
    let folder = Self.shown(finding.folder, prefix: prefix)
    let name = finding.name?.bytes ?? Self.placeholder(id: id, type: finding.type)
    return folder.isEmpty ? name : folder + [0x2F] + name
  }

  /// The name of a file that has none.
  package static func placeholder(id: Int64, type: String) -> [UInt8] {
    Array((type.isEmpty ? "#\(id)" : "#\(id).\(type)").utf8)
  }
}

extension Case {
  /// A folder, with the volume in whose tree it lies; 0 for none.
  struct FolderKey: Hashable {
    let volume: UInt16
    let components: [RawName]?
  }

  func folderNames() throws -> [UInt16: String] {
    Dictionary(
      try volumes().map { ($0.number, $0.folder) }, uniquingKeysWith: { first, _ in first })
  }

  private static func shown(_ components: [RawName]?, prefix: String?) -> [UInt8] {
    let all = [prefix.map { Array($0.utf8) }].compactMap { $0 } + (components ?? []).map(\.bytes)
    return Array(all.joined(separator: [0x2F]))
  }

  static func folderID(
    _ key: FolderKey, prefix: String?, in database: Database
  ) throws -> Int64 {
    var writer = ByteWriter()
    writer.put(key.components == nil ? 0 : 1)
    for component in key.components ?? [] { writer.put(component.bytes) }
    let components = Data(writer.bytes)
    let known = try database.cachedStatement(
      sql: "SELECT id FROM folder WHERE volume = ? AND components = ?")
    if let id = try Int64.fetchOne(known, arguments: [Int64(key.volume), components]) { return id }
    let path = String(decoding: shown(key.components, prefix: prefix), as: UTF8.self)
    try database.execute(
      sql: "INSERT INTO folder (volume, components, path) VALUES (?, ?, ?)",
      arguments: [Int64(key.volume), components, path])
    return database.lastInsertedRowID
  }

  /// - Parameter folders: those read before, by id: neighbours share theirs.
  private static func finding(
    _ id: Int64, in database: Database, folders: inout [Int64: [RawName]?]
  ) throws -> Finding? {
    let statement = try database.cachedStatement(
      sql: """
        SELECT volume, origin, kind, folder, name, type, size, created, modified, changed, accessed,
          content, evidence, key, (SELECT missing FROM written WHERE written.id = finding.id)
        FROM finding WHERE id = ?
        """)
    // A cursor lends its row for as long as it lives; a fetched row would be a copy.
    let cursor = try Row.fetchCursor(statement, arguments: [id])
    return try withExtendedLifetime(cursor) {
      try cursor.next().map { try finding($0, in: database, folders: &folders) }
    }
  }

  private static func finding(
    _ row: Row, in database: Database, folders: inout [Int64: [RawName]?]
  ) throws -> Finding {
    guard let origin = Finding.Origin(rawValue: UInt8(clamping: row[1] as Int64)),
      let kind = Finding.Kind(rawValue: UInt8(clamping: row[2] as Int64))
    else { throw Malformed("case record", "a finding of an unknown kind") }
    func time(_ column: Int) -> Timestamp? {
      (row[column] as Int64?).map(Timestamp.init(nanoseconds:))
    }
    let folderID: Int64 = row[3]
    let folder: [RawName]?
    if let known = folders[folderID] {
      folder = known
    } else {
      folder = try components(ofFolder: folderID, in: database)
      folders[folderID] = .some(folder)
    }
    var content = ByteReader(Array(row[11] as Data))
    var evidence = ByteReader(Array(row[12] as Data))
    var finding = Finding(
      volume: UInt16(clamping: row[0] as Int64), origin: origin, kind: kind, folder: folder,
      name: (row[4] as Data?).map { RawName(Array($0)) }, type: row[5],
      size: ByteCount(stored: row[6]),
      times: Times(created: time(7), modified: time(8), changed: time(9), accessed: time(10)),
      content: try content.extents(), evidence: try evidence.evidence(),
      key: UInt64(bitPattern: row[13]))
    if let missing: Int64 = row[14] { finding.setUnreadable(ByteCount(stored: missing)) }
    return finding
  }

  private static func components(
    ofFolder id: Int64, in database: Database
  ) throws -> [RawName]? {
    let statement = try database.cachedStatement(sql: "SELECT components FROM folder WHERE id = ?")
    guard let data = try Data.fetchOne(statement, arguments: [id]) else {
      throw Malformed("case record", "a finding in an unknown folder")
    }
    var reader = ByteReader(Array(data))
    guard try reader.number() == 1 else { return nil }
    var names: [RawName] = []
    while !reader.isAtEnd { names.append(RawName(try reader.block())) }
    return names
  }
}
