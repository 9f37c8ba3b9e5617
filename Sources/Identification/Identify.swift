// SPDX-License-Identifier: Apache-2.0

import Bytes
import CBlkid
import Storage

/// Names what lies on a source; nil where nothing is known to begin or end there.
///
/// libblkid sees a file in memory with the first and last 2 MiB alone, never the source: so it
/// names slices of any medium, and never hangs on a disk.
package func identify(_ source: Source) -> Identity? {
  let range = source.range
  let part: ByteCount = 0x20_0000
  let first = range.lowerBound..<min(range.lowerBound.advancedClamped(by: part), range.upperBound)
  let last = ByteOffset(range.length.subtractingClamped(part))..<range.upperBound
  guard range.length > 0, let copy = SparseCopy(of: source, ranges: [first, last])
  else { return nil }
  guard let probe = Probe(copy) else { return nil }
  let identity = probe.identity
  extendLifetime(copy)
  return identity
}

/// One look of libblkid at one copy.
@safe private struct Probe: ~Copyable {
  private let probe: blkid_probe

  /// - Parameter copy: must outlive the probe.
  init?(_ copy: borrowing SparseCopy) {
    guard let probe = unsafe blkid_new_probe() else { return nil }
    // SAFETY: the descriptor is open as long as the copy, and a probe that is not kept is freed.
    guard unsafe blkid_probe_set_device(probe, copy.descriptor, 0, 0) == 0 else {
      unsafe blkid_free_probe(probe)
      return nil
    }
    unsafe self.probe = unsafe probe
  }

  /// What it finds; where several things claim the bytes, the first of them.
  var identity: Identity? {
    let wanted =
      BLKID_SUBLKS_LABEL | BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE | BLKID_SUBLKS_USAGE
      | BLKID_SUBLKS_VERSION
    unsafe blkid_probe_enable_superblocks(probe, 1)
    unsafe blkid_probe_set_superblocks_flags(probe, Int32(wanted))
    unsafe blkid_probe_enable_partitions(probe, 1)
    guard unsafe blkid_do_probe(probe) == 0 else { return nil }
    var found = Identity(
      type: value("TYPE"), version: value("VERSION"),
      usage: Identity.Usage(rawValue: value("USAGE")) ?? .other, label: value("LABEL"),
      uuid: value("UUID"), partitionTable: value("PTTYPE"))
    if found.type.isEmpty, unsafe blkid_do_probe(probe) == 0, !value("PTTYPE").isEmpty {
      found = Identity(type: "", uuid: value("PTUUID"), partitionTable: value("PTTYPE"))
    }
    return found
  }

  private func value(_ name: String) -> String {
    var data: UnsafePointer<CChar>?
    var count = 0
    guard unsafe blkid_probe_lookup_value(probe, name, &data, &count) == 0,
      let data = unsafe data, count > 0
    else { return "" }
    // SAFETY: libblkid owns `count` bytes there, the last of them a terminator.
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: count)
    return unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  deinit { unsafe blkid_free_probe(probe) }
}
