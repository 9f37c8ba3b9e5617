// SPDX-License-Identifier: Apache-2.0

import Bytes

/// All nodes that still stand in the chunks of metadata, those of the past among them: found by the id
/// of the file system, their own address and their checksum. Contents are not kept.
struct NodeScan {
  private(set) var nodes: [NodeHeader] = []
  /// Leaves of data checksums, with the addresses that they cover.
  private(set) var checksums = PastChecksums()
  private let superblock: Superblock
  private let disk: AddressSpace

  /// As many as 16 GiB of metadata hold in 16 KiB each, some 150 MB; of more, the newest.
  private static let mostNodes = 1 << 20
  /// What is read at a time, beside the node that begins at its end.
  private static let piece: ByteCount = 0x10_0000

  init(_ superblock: Superblock, _ disk: AddressSpace) {
    self.init(superblock, disk, of: [.metadata, .system])
    nodes.sort { ($0.generation, $0.level, $0.address) > ($1.generation, $1.level, $1.address) }
    checksums.index()
  }

  private init(_ superblock: Superblock, _ disk: AddressSpace, of kinds: Chunk.Kind) {
    self.superblock = superblock
    self.disk = disk
    var seen: Set<TreeRoot> = []
    each(of: kinds) { header, node in
      let place = TreeRoot(
        address: header.address, generation: header.generation, level: header.level)
      guard seen.insert(place).inserted else { return }
      nodes.append(header)
      if nodes.count >= Self.mostNodes {
        nodes.sort { $0.generation > $1.generation }
        nodes.removeLast(nodes.count / 2)
        seen = Set(
          nodes.map { TreeRoot(address: $0.address, generation: $0.generation, level: $0.level) })
      }
      if header.owner == ObjectNumber.checksumTree, node.isLeaf {
        checksums.add(node, superblock)
      }
    }
  }

  /// The newest node that a root tree may begin with.
  var newestRootTree: TreeRoot? {
    let reader = NodeReader(superblock, disk)
    return nodes.lazy.filter { $0.owner == ObjectNumber.rootTree }.map {
      TreeRoot(address: $0.address, generation: $0.generation, level: $0.level)
    }.first { reader.node($0) != nil }
  }

  /// Chunks that leaves of chunk trees describe, present and past, the newest first.
  static func systemChunks(_ superblock: Superblock, _ disk: AddressSpace) -> [Chunk] {
    var found: [(generation: UInt64, chunk: Chunk)] = []
    let empty = NodeScan(superblock, disk, of: [])
    empty.each(of: .system) { header, node in
      guard header.owner == ObjectNumber.chunkTree, node.isLeaf, found.count < 1 << 18 else {
        return
      }
      for (index, key) in node.keys.enumerated() where key.kind == ItemKind.chunk {
        guard let data = try? node.data(index), let chunk = try? Chunk(data, address: key.offset)
        else { continue }
        found.append((header.generation, chunk))
      }
    }
    let order = found.indices.sorted {
      (found[$1].generation, $0) < (found[$0].generation, $1)
    }
    return order.map { found[$0].chunk }
  }

  /// Hands out every sound node in the chunks of some kinds, in order of its place on the device.
  private func each(of kinds: Chunk.Kind, _ body: (NodeHeader, Node) -> Void) {
    let chunks = disk.chunks.chunks.filter { !$0.kind.isDisjoint(with: kinds) }
    let places = RangeSet(unsorted: chunks.flatMap(disk.places))
    for range in places.ranges {
      var position = range.lowerBound
      while position < range.upperBound {
        let next = min(position.advancedClamped(by: Self.piece), range.upperBound)
        each(from: position, to: next, end: range.upperBound, body)
        position = next
      }
    }
  }

  private func each(
    from start: ByteOffset, to stop: ByteOffset, end: ByteOffset, _ body: (NodeHeader, Node) -> Void
  ) {
    guard let size = try? superblock.nodeSize.inMemory(),
      let step = try? superblock.sectorSize.inMemory()
    else { return }
    let reach = min(stop.advancedClamped(by: superblock.nodeSize), end)
    let count = (try? (start..<stop).length.inMemory()) ?? 0
    let sound: [Node] =
      (try? disk.source.withBytes(in: start..<reach) { bytes in
        stride(from: 0, to: count, by: step).compactMap { node(bytes, at: $0, size: size) }
      }) ?? readable(from: start, to: stop, end: end)
    for node in sound where isPlaced(node.header) { body(node.header, node) }
  }

  private func node(_ bytes: RawSpan, at offset: Int, size: Int) -> Node? {
    guard NodeHeader(bytes, at: offset, id: superblock.nodeID) != nil,
      let copy = try? bytes.copy(at: offset, count: size)
    else { return nil }
    return Node(copy, of: superblock)
  }

  /// Node by node, where a whole piece cannot be read.
  private func readable(from start: ByteOffset, to stop: ByteOffset, end: ByteOffset) -> [Node] {
    var result: [Node] = []
    var position = start
    while position < stop {
      if let bytes = try? disk.source.read(at: position, count: superblock.nodeSize),
        let node = Node(bytes, of: superblock)
      {
        result.append(node)
      }
      position = position.advancedClamped(by: superblock.sectorSize)
    }
    return result
  }

  /// Whether the address that a node gives itself is one of this file system's.
  private func isPlaced(_ header: NodeHeader) -> Bool {
    disk.chunks.chunk(at: header.address) != nil
  }
}
