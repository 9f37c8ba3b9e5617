// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a disk says of itself, as smartctl tells it; nil where it does not say.
package struct SMARTReport: Hashable, Sendable {
  package internal(set) var model: String?
  package internal(set) var serial: String?
  package internal(set) var firmware: String?
  /// World Wide Name, as hexadecimal digits.
  package internal(set) var wwn: String?
  /// What the disk says it holds.
  package internal(set) var capacity: ByteCount?
  /// Rotations a minute; 0 of a disk without platters.
  package internal(set) var rotationRate: Int?
  package internal(set) var powerOnHours: UInt64?
  /// Degrees Celsius.
  package internal(set) var temperature: Int?
  /// The disk's own judgement of itself.
  package internal(set) var passed: Bool?
  package internal(set) var exit = SmartctlExit()
  /// What smartctl complained of.
  package internal(set) var complaints: [String] = []
  package internal(set) var ata: ATAHealth?
  package internal(set) var nvme: NVMeHealth?
  package internal(set) var scsi: SCSIHealth?
  /// How much of its rated endurance a flash disk has used, in percent; may be above 100.
  package internal(set) var enduranceUsed: UInt64?

  package init() {}

  /// Whether it says anything about health at all.
  package var tellsHealth: Bool {
    passed != nil || ata != nil || nvme != nil || scsi != nil
  }
}

/// The bits of smartctl's exit status.
///
/// - Source: smartctl(8), "EXIT STATUS".
package struct SmartctlExit: OptionSet, Hashable, Sendable {
  package let rawValue: UInt8
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The command line, or a device type that smartctl does not know.
  package static let commandLine = Self(rawValue: 1)
  /// The device did not open, or did not identify itself.
  package static let notOpened = Self(rawValue: 2)
  /// A command failed, or a checksum did not hold.
  package static let commandFailed = Self(rawValue: 4)
  package static let failing = Self(rawValue: 8)
  /// An attribute that foretells failure is at its threshold, or below.
  package static let belowThreshold = Self(rawValue: 16)
  package static let wasBelowThreshold = Self(rawValue: 32)
  package static let errorsLogged = Self(rawValue: 64)
  package static let selfTestsFailed = Self(rawValue: 128)
}

/// Counters of an ATA disk, by the attributes that most makers number alike.
package struct ATAHealth: Hashable, Sendable {
  /// Attribute 5: sectors that were replaced.
  package internal(set) var reallocated: UInt64?
  /// Attribute 10.
  package internal(set) var spinRetries: UInt64?
  /// Attribute 184: data that changed on its way through the disk.
  package internal(set) var endToEndErrors: UInt64?
  /// Attribute 187: errors that the disk could not correct, and told.
  package internal(set) var reportedUncorrectable: UInt64?
  /// Attribute 188.
  package internal(set) var commandTimeouts: UInt64?
  /// Attribute 197: sectors that did not read, and wait to be written.
  package internal(set) var pending: UInt64?
  /// Attribute 198: sectors that the disk's own search could not read.
  package internal(set) var offlineUncorrectable: UInt64?
  /// Attribute 199: transfers that arrived damaged, by the cable or its plugs.
  package internal(set) var cableErrors: UInt64?
  /// After how many tenths of a second the disk gives a read up (SCT ERC); 0: never.
  package internal(set) var errorRecoveryLimit: UInt64?

  package init() {}
}

/// The health log of an NVMe disk.
///
/// - Source: NVM Express Base Specification 2.0, 5.16.1.3, "SMART / Health Information".
package struct NVMeHealth: Hashable, Sendable {
  package struct Warning: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let spareLow = Self(rawValue: 1)
    package static let temperature = Self(rawValue: 2)
    package static let degraded = Self(rawValue: 4)
    package static let readOnly = Self(rawValue: 8)
    /// The memory that lives through a power cut has failed.
    package static let backupFailed = Self(rawValue: 16)
  }

  package internal(set) var warning = Warning()
  package internal(set) var mediaErrors: UInt64?
  /// In percent of what it had when new.
  package internal(set) var spare: UInt64?
  package internal(set) var spareThreshold: UInt64?
  package internal(set) var errorLogEntries: UInt64?

  package init() {}
}

/// Counters of a SCSI or SAS disk.
package struct SCSIHealth: Hashable, Sendable {
  package internal(set) var uncorrectedReads: UInt64?
  /// Sectors that were replaced since it left the factory.
  package internal(set) var grownDefects: UInt64?

  package init() {}
}
