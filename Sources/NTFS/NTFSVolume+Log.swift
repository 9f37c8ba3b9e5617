// SPDX-License-Identifier: Apache-2.0

import Bytes

extension NTFSVolume {
  private static let logNumber: UInt64 = 2
  private static let logPage: UInt64 = 4096
  /// Windows makes 64 MiB by itself.
  private static let longestLog: UInt64 = 0x1000_0000

  /// The pages of $LogFile, update sequence undone: what was entered into a folder's index and taken
  /// out of it stands there as an index has it.
  ///
  /// - Source: Carrier, *File System Forensic Analysis*, ch. 12, "File System Journal".
  func eachLogPage(_ body: ([UInt8]) -> Void) {
    guard let record = records.record(Self.logNumber), record.isInUse else { return }
    for attribute in record.attributes where attribute.type == .data && attribute.name.isEmpty {
      guard case .mapped(let mapping) = attribute.form,
        let value = MappedValue([(attribute, mapping)])
      else { continue }
      let log = source.joined(value.extents(geometry, in: source), name: "$LogFile")
      let end = min(value.size.rawValue, source.length.rawValue, Self.longestLog)
      for at in stride(from: 0, to: end / Self.logPage * Self.logPage, by: Int(Self.logPage)) {
        guard let raw = try? log.read(at: ByteOffset(at), count: ByteCount(Self.logPage)),
          raw.holds(Array("RCRD".utf8), at: 0), let page = UpdateSequence.undone(raw)
        else { continue }
        body(page)
      }
      return
    }
  }
}
