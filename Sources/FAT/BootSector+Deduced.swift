// SPDX-License-Identifier: Apache-2.0

extension BootSector {
  /// Where everything lies in a volume whose boot sector is gone, as its directories and its tables
  /// tell it. All places are in bytes of the volume.
  ///
  /// - Parameters:
  ///   - tables: where each FAT starts, the one to believe first; empty where none is left.
  ///   - root: the root directory of FAT12 and FAT16; empty on FAT32 and where it is not known.
  ///   - rootCluster: that of FAT32; 0 where it is not known.
  ///   - clusterEnd: one behind the last cluster's number, at least 3.
  init(
    deduced kind: Kind, media: UInt8, clusterSize: UInt64, dataStart: UInt64, clusterEnd: UInt32,
    tables: [UInt64], tableLength: UInt64, root: Range<UInt64>, rootCluster: UInt32 = 0
  ) {
    self.kind = kind
    self.media = media
    sectorSize = 512
    self.clusterSize = clusterSize
    self.tables = tables
    self.tableLength = tableLength
    rootStart = root.lowerBound
    rootLength = root.upperBound &- root.lowerBound
    self.rootCluster = rootCluster
    self.dataStart = dataStart
    self.clusterEnd = clusterEnd
  }

  /// The same volume with another root directory.
  func withRoot(cluster: UInt32) -> BootSector {
    BootSector(
      deduced: kind, media: media, clusterSize: clusterSize, dataStart: dataStart,
      clusterEnd: clusterEnd, tables: tables, tableLength: tableLength, root: 0..<0,
      rootCluster: cluster)
  }

  /// The same volume where `count` bytes before its first table are left out.
  func moved(back count: UInt64) -> BootSector {
    let root = rootLength > 0 ? rootStart &- count..<rootStart &- count &+ rootLength : 0..<0
    return BootSector(
      deduced: kind, media: media, clusterSize: clusterSize, dataStart: dataStart &- count,
      clusterEnd: clusterEnd, tables: tables.map { $0 &- count }, tableLength: tableLength,
      root: root, rootCluster: rootCluster)
  }

  /// The cluster that starts at a place of the volume; nil where none does.
  func cluster(at place: UInt64) -> UInt32? {
    guard place >= dataStart, (place &- dataStart) % clusterSize == 0,
      let cluster = UInt32(exactly: (place &- dataStart) / clusterSize &+ 2), contains(cluster)
    else { return nil }
    return cluster
  }
}
