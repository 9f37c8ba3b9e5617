// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Health
import Identification
import Partitions
import Recovery
import Volumes

/// `devices --json`.
struct DeviceListDocument: Encodable {
  struct Entry: Encodable {
    let path: String
    let model: String
    let serial: String
    let size: UInt64
    let logicalSectorSize: UInt64
    let physicalSectorSize: UInt64
    let isRotational: Bool
    let isRemovable: Bool
    let isReadOnly: Bool
    let isSystemDisk: Bool
    let mounts: [String]
    /// `good`, `weak`, `failing` or `unknown`; absent where the disk was not asked.
    let health: String?
  }

  let schema = "renflou-devices-1"
  let devices: [Entry]

  init(_ devices: [Device], health: [String: HealthAnswer]) {
    self.devices = devices.map { device in
      Entry(
        path: device.path, model: device.model, serial: device.serial,
        size: device.size.rawValue, logicalSectorSize: device.logicalSector.rawValue,
        physicalSectorSize: device.physicalSector.rawValue,
        isRotational: device.isRotational, isRemovable: device.isRemovable,
        isReadOnly: device.isReadOnly, isSystemDisk: device.isSystemDisk, mounts: device.mounts,
        health: health[device.path].map { Advice($0).health.rawValue })
    }
  }
}

/// `probe --json`.
struct ProbeDocument: Encodable {
  struct Entry: Encodable {
    let partition: Int?
    let name: String?
    let start: UInt64
    let length: UInt64
    let kind: String?
    let label: String?
    let identifiedAs: String?
    let remarks: [String]
    /// Of a volume that is no longer in force: how many structures agree with it, of how many.
    let consistent: Int?
    let examined: Int?
    let freeSpace: FreeSpace?
    let problem: String?
  }

  /// Blocks of the free space that were looked at, and how many are blank.
  struct FreeSpace: Encodable {
    let examined: Int
    let blank: Int
  }

  let schema = "renflou-probe-1"
  let source: String
  let length: UInt64
  let table: String?
  let remarks: [String]
  let slices: [Entry]

  init(_ probe: Probe, source: Source) {
    self.source = source.name
    length = source.length.rawValue
    table = probe.table.map { "\($0.scheme)" }
    remarks = probe.table?.remarks ?? []
    func sample(_ slice: Slice) -> FreeSpaceSample? {
      source.medium.flatMap { slice.sampleFreeSpace(on: Source($0)) }
    }
    slices = probe.slices.map { slice in
      Entry(
        partition: slice.partition?.number, name: slice.partition?.name,
        start: slice.range.lowerBound.rawValue, length: slice.range.length.rawValue,
        kind: slice.volume?.kind, label: slice.volume?.label,
        identifiedAs: slice.identity?.type, remarks: slice.remarks,
        consistent: slice.support?.consistent, examined: slice.support?.examined,
        freeSpace: sample(slice).map { FreeSpace(examined: $0.examined, blank: $0.blank) },
        problem: slice.volume == nil ? slice.problem : nil)
    }
  }
}

/// `verify --log --json`.
struct LogDocument: Encodable {
  let schema = "renflou-verify-log-1"
  let lines: Int
  let firstBroken: Int?
  /// `changed`, `removed`, `added` or `unrecorded`.
  let fault: String?
  let signatures: [Signature]

  struct Signature: Encodable {
    let line: Int
    let holds: Bool
    /// The kind and fingerprint of the key; absent where the signature does not hold.
    let key: String?
  }

  init(lines: Int, fault: LogFault?, signatures: [LogSignature]) {
    self.signatures = signatures.map {
      Signature(line: $0.line, holds: $0.key != nil, key: $0.key)
    }
    self.lines = lines
    firstBroken = fault?.line
    self.fault = fault?.kind.rawValue
  }
}
