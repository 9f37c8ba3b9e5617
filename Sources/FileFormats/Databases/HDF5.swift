// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Hierarchical Data Format 5, in which netCDF-4 and MATLAB since 7.3 write too: the superblock
  /// states where the file ends.
  ///
  ///     0  89 "HDF" 0D 0A 1A 0A   8  u8 version
  ///     0, 1: 13 u8 size of offsets   24 (version 1: 28)  base, free space, end
  ///     2, 3: 9 u8 size of offsets   12  base, extension, end, root; u32 checksum
  ///
  /// - Source: The HDF Group, *HDF5 File Format Specification Version 3.0*, §II.A "Superblock".
  package static let hdf5 = FileFormat(
    id: "h5", name: "HDF5 data", category: .database,
    extensions: ["h5", "hdf5", "he5", "hdf", "nc", "nc4", "mat"], validation: .size,
    signatures: [
      Signature([0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]),
      Signature("MATLAB 7.3 MAT-file"),
    ],
    maximumSize: 0x400_0000_0000
  ) { file in
    try Examination.walk("h5", file) {
      let isMATLAB = try file.read(at: 0, count: 1) == [0x4D]
      let base: ByteOffset = isMATLAB ? 512 : 0
      let block = try file.read(at: base, count: 64)
      let version = block[8]
      let isOld = version <= 1
      guard block.holds([0x89, 0x48, 0x44, 0x46], at: 0), version <= 3,
        block[isOld ? 13 : 9] == 8, block[isOld ? 14 : 10] == 8
      else { throw Malformed("HDF5", "its superblock is none", at: base) }
      let addresses = isOld ? (version == 0 ? 24 : 28) : 12
      let end = ByteOffset(try block.little(UInt64.self, at: addresses + 16))
      guard try block.little(UInt64.self, at: addresses) == base.rawValue, end > base else {
        throw Malformed("HDF5", "its addresses are none", at: base)
      }
      guard end <= file.range.upperBound else { throw Truncated() }
      var result = Examination.whole("h5", "HDF5", end: end, and: [.payloadUnchecked])
      result.type = isMATLAB ? "mat" : "h5"
      return result
    }
  }
}
