// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Nodes of a file system that lay where another Btrfs was made since: its superblocks are gone, but a
/// node tells its file system, its address and its checksum, and some tell of chunks.
struct EarlierNodes {
  private let volume: BtrfsVolume

  /// Where nodes are looked for first: the chunks that are made with a file system stand there. Those
  /// that they tell of are looked into behind.
  private static let reach: ByteCount = 0x1000_0000
  private static let mostVolumes = 4
  private static let piece: ByteCount = 0x10_0000

  init(_ volume: BtrfsVolume) { self.volume = volume }

  /// What is left of one file system.
  private struct Remains {
    var nodes = 0
    var chunks: [UInt64: (generation: UInt64, chunk: Chunk)] = [:]
    var extents = DeviceExtents()
    var device: UInt64?
  }

  /// The file systems of which a root tree is left.
  func volumes() -> [BtrfsVolume] {
    guard volume.superblock.checksum == .crc32c else { return [] }
    var remains: [[UInt8]: Remains] = [:]
    var position: ByteOffset = 0
    let end = min(volume.disk.source.range.upperBound, ByteOffset(Self.reach))
    while position < end {
      let next = min(position.advancedClamped(by: Self.piece), end)
      each(from: position, to: next) { id, node in take(node, of: id, &remains) }
      position = next
    }
    let likely = remains.filter { $0.value.nodes > 2 }.sorted { left, right in
      left.value.nodes == right.value.nodes
        ? left.key.lexicographicallyPrecedes(right.key) : left.value.nodes > right.value.nodes
    }
    return likely.prefix(Self.mostVolumes).compactMap { open($0.key, $0.value) }
  }

  private func take(_ node: Node, of id: [UInt8], _ remains: inout [[UInt8]: Remains]) {
    guard remains.count < 64 || remains[id] != nil else { return }
    var own = remains[id] ?? Remains()
    own.nodes += 1
    if node.isLeaf, node.header.owner == ObjectNumber.chunkTree {
      for (index, key) in node.keys.enumerated() where key.kind == ItemKind.chunk {
        guard let data = try? node.data(index), let chunk = try? Chunk(data, address: key.offset),
          own.chunks[key.offset].map({ $0.generation < node.header.generation }) ?? true
        else { continue }
        own.chunks[key.offset] = (node.header.generation, chunk)
        own.device = chunk.stripes.first?.device
      }
    }
    if node.isLeaf, node.header.owner == ObjectNumber.deviceTree { own.extents.add(node) }
    remains[id] = own
  }

  private func open(_ id: [UInt8], _ remains: Remains) -> BtrfsVolume? {
    let device = remains.device ?? remains.extents.device ?? volume.superblock.device
    var disk = AddressSpace(source: volume.disk.source, chunks: ChunkMap(device: device))
    disk.chunks.add(remains.chunks.sorted { $0.key < $1.key }.map(\.value.chunk))
    disk.chunks.add(remains.extents.chunks())
    let superblock = Superblock(volume.superblock, id: id, device: device)
    guard let root = NodeScan(superblock, disk).newestRootTree else { return nil }
    return BtrfsVolume(superblock, disk, rootTree: root)
  }

  /// Hands out every sound node that is of another file system.
  private func each(from start: ByteOffset, to stop: ByteOffset, _ body: ([UInt8], Node) -> Void) {
    let source = volume.disk.source
    let reach = min(stop.advancedClamped(by: volume.superblock.nodeSize), source.range.upperBound)
    guard let size = try? volume.superblock.nodeSize.inMemory(),
      let step = try? volume.superblock.sectorSize.inMemory(),
      let bytes = try? source.read(at: start, count: (start..<reach).length)
    else { return }
    for offset in stride(from: 0, to: bytes.count - size + 1, by: step) {
      guard let id = try? bytes.copy(at: offset + 0x20, count: 16), id != volume.superblock.nodeID,
        id.contains(where: { $0 != 0 }),
        let header = bytes.withSpan({ NodeHeader($0, at: offset, id: id) }),
        header.itemCount > 0, header.address.rawValue % UInt64(clamping: step) == 0,
        let copy = try? bytes.copy(at: offset, count: size),
        let node = Node(copy, of: Superblock(volume.superblock, id: id, device: 0))
      else { continue }
      body(id, node)
    }
  }
}
