// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What of a device belongs to which chunk, as the device tree says: where the chunk tree is lost, this
/// gives the chunks back, but for those of several columns.
///
///     the key: the device, 204, the place on it;   0x10  u64  address of the chunk   0x18  u64  length
///
/// - Source: Linux, include/uapi/linux/btrfs_tree.h, `struct btrfs_dev_extent`.
struct DeviceExtents {
  private struct Extent: Hashable {
    let device: UInt64
    let place: UInt64
    let length: UInt64
  }

  private var extents: [UInt64: (generation: UInt64, extents: Set<Extent>)] = [:]

  /// The device of the first extent.
  private(set) var device: UInt64?

  mutating func add(_ node: Node) {
    for (index, key) in node.keys.enumerated() where key.kind == ItemKind.deviceExtent {
      guard let data = try? node.data(index), let address = try? data.little(UInt64.self, at: 0x10),
        let length = try? data.little(UInt64.self, at: 0x18), extents.count < 1 << 16
      else { continue }
      device = device ?? key.object
      var known = extents[address] ?? (0, [])
      known.generation = max(known.generation, node.header.generation)
      guard known.extents.count < 16 else { continue }
      known.extents.insert(Extent(device: key.object, place: key.offset, length: length))
      extents[address] = known
    }
  }

  /// Chunks of one copy, or of several of the same length. Whether they hold metadata is not told: all
  /// are taken to.
  func chunks() -> [Chunk] {
    extents.sorted { $0.key < $1.key }.compactMap { address, known in
      let stripes = known.extents.sorted { $0.place < $1.place }
      guard let length = stripes.first?.length, stripes.allSatisfy({ $0.length == length }) else {
        return nil
      }
      return Chunk(
        address: address, length: ByteCount(length),
        stripes: stripes.map { Chunk.Stripe(device: $0.device, place: ByteOffset($0.place)) })
    }
  }
}
