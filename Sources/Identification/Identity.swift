// SPDX-License-Identifier: Apache-2.0

/// What libblkid calls the content of a source.
package struct Identity: Hashable, Sendable {
  /// What it is good for.
  package enum Usage: String, Sendable {
    case fileSystem = "filesystem"
    /// A part of something larger, or a wrapping: RAID, LVM, LUKS.
    case raid
    case crypto
    case other
  }

  /// "crypto_LUKS", "LVM2_member", "linux_raid_member", "swap", "ntfs" …
  package let type: String
  package let version: String
  package let usage: Usage
  package let label: String
  package let uuid: String
  /// "gpt" or "dos", where the source holds a partition table.
  package let partitionTable: String

  package init(
    type: String, version: String = "", usage: Usage = .other, label: String = "",
    uuid: String = "", partitionTable: String = ""
  ) {
    self.type = type
    self.version = version
    self.usage = usage
    self.label = label
    self.uuid = uuid
    self.partitionTable = partitionTable
  }
}
