// SPDX-License-Identifier: Apache-2.0

import Bytes

/// A target that would destroy what is to be recovered.
package struct TargetRefused: Explained, Equatable {
  package enum Reason: Sendable, Equatable {
    /// Target and source rest on the same disk.
    case sameDisk
    /// The target is the source.
    case isSource
    /// The target is a file system inside the source.
    case insideSource
  }

  package let target: String
  package let source: String
  package let reason: Reason

  package var what: String {
    switch reason {
    case .sameDisk: "the target lies on the disk that is to be recovered"
    case .isSource: "the target is the source itself"
    case .insideSource: "the target is a file system of the source, which is mounted"
    }
  }

  package var place: String { "\(target), for the source \(source)" }

  package var advice: String {
    "writing there would overwrite deleted files: name a folder on another disk"
  }
}

/// Refuses a target whose way down to hardware meets the source's disk, if that is a block device;
/// and always one that is the source or lies in it.
///
/// - Parameter target: a folder or a file; what does not exist yet is judged by what is above it.
package func checkTarget(
  _ target: String, for source: String, _ system: SystemFiles = SystemFiles()
) throws(TargetRefused) {
  guard let wanted = system.status(source), let found = nearest(target, system),
    let reason = objection(toWritingAt: found, for: wanted, system)
  else { return }
  throw TargetRefused(target: target, source: source, reason: reason)
}

/// Why nothing may be written at `target`; nil where it may.
func objection(
  toWritingAt target: FileStatus, for source: FileStatus, _ system: SystemFiles
) -> TargetRefused.Reason? {
  if target.device == source.device, target.inode == source.inode { return .isSource }
  let way = DiskIdentity(of: target, crossesFiles: true, system)
  let itself = DiskIdentity.FileIdentity(device: source.device, inode: source.inode)
  if way.backingFiles.contains(itself) { return .insideSource }
  guard let device = source.blockDevice else { return nil }
  if target.blockDevice == device { return .isSource }
  if way.devices.contains(device) { return .insideSource }
  let disk = DiskIdentity(of: source, crossesFiles: false, system)
  return way.devices.isDisjoint(with: disk.devices) ? nil : .sameDisk
}

/// What exists of a path: itself, or the nearest folder above it.
private func nearest(_ path: String, _ system: SystemFiles) -> FileStatus? {
  var path = path[...]
  while true {
    if let status = system.status(path.isEmpty ? "." : String(path)) { return status }
    if path.isEmpty { return nil }
    guard let slash = path.lastIndex(of: "/") else {
      path = ""
      continue
    }
    path = slash == path.startIndex ? "/" : path[..<slash]
    if path == "/" { return system.status("/") }
  }
}
