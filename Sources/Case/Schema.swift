// SPDX-License-Identifier: Apache-2.0

import GRDB

/// The tables of a case. Offsets and sizes are stored as signed 64-bit numbers of the same bits.
enum Schema {
  /// What this version writes and reads.
  static let version = 4

  static func create(in database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE job (
          source TEXT NOT NULL, length INTEGER NOT NULL, serial TEXT NOT NULL,
          options TEXT NOT NULL, phase INTEGER NOT NULL, started INTEGER, finished INTEGER,
          version TEXT NOT NULL, carvedTo INTEGER, cutShort INTEGER NOT NULL,
          credit INTEGER NOT NULL
        );
        INSERT INTO job VALUES ('', 0, '', '', 0, NULL, NULL, '', NULL, 0, 0);
        CREATE TABLE volume (
          number INTEGER PRIMARY KEY, folder TEXT NOT NULL, kind TEXT NOT NULL,
          label TEXT NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL,
          clusterSize INTEGER NOT NULL, isAllocationSound INTEGER NOT NULL, remarks BLOB NOT NULL,
          isInForce INTEGER NOT NULL
        );
        CREATE TABLE range (
          kind INTEGER NOT NULL, volume INTEGER NOT NULL, ranges BLOB NOT NULL,
          PRIMARY KEY (kind, volume)
        );
        CREATE TABLE pass (
          start INTEGER PRIMARY KEY, stop INTEGER NOT NULL, classes BLOB NOT NULL,
          passedOver INTEGER NOT NULL
        );
        CREATE TABLE defect (start INTEGER PRIMARY KEY, stop INTEGER NOT NULL);
        CREATE TABLE mark (
          offset INTEGER NOT NULL, kind INTEGER NOT NULL, PRIMARY KEY (offset, kind)
        ) WITHOUT ROWID;
        -- A folder of findings: its components exactly, and its path as it is shown.
        CREATE TABLE folder (
          id INTEGER PRIMARY KEY, volume INTEGER NOT NULL, components BLOB,
          path TEXT NOT NULL, UNIQUE (volume, components)
        );
        CREATE TABLE finding (
          id INTEGER PRIMARY KEY, volume INTEGER NOT NULL, origin INTEGER NOT NULL,
          kind INTEGER NOT NULL, folder INTEGER NOT NULL, name BLOB, type TEXT NOT NULL,
          size INTEGER NOT NULL, created INTEGER, modified INTEGER, changed INTEGER,
          accessed INTEGER, verdict INTEGER NOT NULL, key INTEGER NOT NULL,
          content BLOB NOT NULL, evidence BLOB NOT NULL
        );
        CREATE TABLE written (
          id INTEGER PRIMARY KEY, path BLOB NOT NULL, sha256 BLOB NOT NULL,
          size INTEGER NOT NULL, missing INTEGER NOT NULL, verdict INTEGER NOT NULL,
          evidence BLOB NOT NULL, outcome INTEGER NOT NULL
        );
        CREATE TABLE log (
          line INTEGER PRIMARY KEY, at INTEGER NOT NULL, event TEXT NOT NULL,
          detail TEXT NOT NULL, hash BLOB NOT NULL
        );
        """)
    try createIntervention(in: database)
  }

  /// Schema 4 is schema 3 and what people say of the job.
  static func createIntervention(in database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE intervention (field TEXT PRIMARY KEY, words TEXT NOT NULL);
        CREATE TABLE wish (
          number INTEGER PRIMARY KEY, words TEXT NOT NULL, patterns BLOB NOT NULL,
          types BLOB NOT NULL, since INTEGER, until INTEGER
        );
        CREATE TABLE work (
          id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, began INTEGER NOT NULL,
          seconds INTEGER NOT NULL, words TEXT NOT NULL
        );
        CREATE TABLE attachment (
          id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, sha256 BLOB NOT NULL,
          added INTEGER NOT NULL, words TEXT NOT NULL
        );
        PRAGMA user_version = \(version);
        """)
  }

  /// Built before files are put together, which asks for carved ones by their place.
  static func indexPlaces(in database: Database) throws {
    try database.execute(
      sql: "CREATE INDEX IF NOT EXISTS findingByPlace ON finding (origin, key)")
  }

  /// Built once, when the scan ends: inserting into indexes costs more than building them.
  static func createIndexes(in database: Database) throws {
    try database.execute(
      sql: """
        CREATE INDEX IF NOT EXISTS folderByPath ON folder (path, id);
        CREATE INDEX IF NOT EXISTS findingByFolder ON finding (folder, name, id);
        ANALYZE;
        """)
  }
}
