// SPDX-License-Identifier: Apache-2.0

import Bytes

/// One life of an inode number: freeing an inode raises its generation.
struct InodeLife: Hashable, Comparable, Sendable {
  let number: UInt64
  let generation: UInt32

  static func < (left: Self, right: Self) -> Bool {
    (left.number, left.generation) < (right.number, right.generation)
  }
}

/// What the log remembers of inodes and of directories.
struct History {
  /// A state of an inode.
  struct Version: Sendable {
    let moment: UInt64
    let inode: Inode
    /// The data fork, where the transaction changed it.
    let fork: Fork?

    enum Fork: Sendable {
      case local([UInt8])
      case extents([UInt8])
      case root([UInt8])
    }
  }

  /// A piece of a block of a directory, as a transaction wrote it.
  struct Piece: Sendable {
    let moment: UInt64
    /// The block, in 512 bytes from the volume's start.
    let block: UInt64
    let offset: Int
    let bytes: [UInt8]
  }

  /// Of each life the last state in which something linked to it, and states of folders before that.
  private(set) var lives: [InodeLife: [Version]] = [:]
  private(set) var pieces: [Piece] = []
  /// What became of each inode number.
  private(set) var trails: [UInt64: InodeTrail] = [:]
  /// Whether the log ends with what unmounting writes: then all of it has reached its place.
  private(set) var endsUnmounted = true

  /// What is kept of one folder's past, of all directory blocks' together, and of inodes.
  private static let mostVersions = 64
  private static let mostPieceBytes = 0x200_0000
  private static let mostLives = 0x8_0000
  /// No inode is larger, and no fork.
  private static let longestFork = 4096

  init() {}

  init(of volume: XFSVolume) {
    guard let log = Log(of: volume) else { return }
    let collected = Collector(volume)
    var items = LogItems { collected.take($0) }
    for place in log.records {
      guard let record = log.record(place) else { continue }
      items.add(record)
    }
    lives = collected.lives
    pieces = collected.pieces
    trails = collected.trails
    endsUnmounted = log.records.isEmpty || items.endsUnmounted
  }

  /// Between which records of the log a life of an inode number lay.
  func span(of life: InodeLife) -> Range<UInt64> {
    trails[life.number]?.span(of: life.generation) ?? 0..<UInt64.max
  }

  /// Whether the log says that a life which metadata still tells is over.
  func isOver(_ life: InodeLife) -> Bool {
    trails[life.number].map { $0.isOver(life.generation) } ?? false
  }

  private final class Collector {
    let volume: XFSVolume
    var lives: [InodeLife: [Version]] = [:]
    var pieces: [Piece] = []
    var trails: [UInt64: InodeTrail] = [:]
    private var pieceBytes = 0

    init(_ volume: XFSVolume) { self.volume = volume }

    func take(_ item: LogItem) {
      switch item.kind {
      case .inode: takeInode(item)
      case .buffer: takeBuffer(item)
      case nil: break
      }
    }

    /// An inode's item: u32 at 4 which parts follow, u64 at 0x10 its number; then the inode without its
    /// forks, then the data fork if it changed (0x2 in place, 0x4 extents, 0x8 root of a tree).
    private func takeInode(_ item: LogItem) {
      guard let parts = try? item.description.little(UInt32.self, at: 4),
        let number = try? item.description.little(UInt64.self, at: 0x10),
        let core = item.pieces.first, let inode = Inode(core, isLogged: true), !inode.isHidden,
        inode.number.map({ $0 == number }) ?? true
      else { return }
      let isLinked = inode.isInUse && inode.links > 0
      if trails[number] != nil || trails.count < 2 * History.mostLives {
        trails[number, default: InodeTrail()].add(
          inode.generation, isLinked: isLinked, at: item.moment)
      }
      let life = InodeLife(number: number, generation: inode.generation)
      guard isLinked, lives[life] != nil || lives.count < History.mostLives else { return }
      var fork: Version.Fork?
      if parts & 0xE != 0, item.pieces.count > 1, item.pieces[1].count <= History.longestFork {
        let bytes = item.pieces[1]
        switch inode.format {
        case .local: fork = .local(Array(bytes.prefix(Int(clamping: inode.size.rawValue))))
        case .extents: fork = .extents(bytes)
        case .tree: fork = .root(bytes)
        default: break
        }
      }
      let version = Version(moment: item.moment, inode: inode, fork: fork)
      var versions = lives[life] ?? []
      if inode.kind != .folder {
        // The last state counts; where it does not tell the fork, the one before does.
        let told = versions.last { $0.fork != nil }
        versions = [version]
        if fork == nil, let told, told.inode.extentCount == inode.extentCount {
          versions.insert(told, at: 0)
        }
      } else {
        versions.append(version)
        if versions.count > History.mostVersions { versions.removeFirst() }
      }
      lives[life] = versions
    }

    /// A buffer's item: u64 at 8 where it lies in 512 bytes; u32 at 0x10 words of the map that follows, a
    /// bit for each 128 bytes; a piece for each run of bits.
    private func takeBuffer(_ item: LogItem) {
      let description = item.description
      guard let flags = try? description.little(UInt16.self, at: 4),
        let block = try? description.little(UInt64.self, at: 8),
        let words = try? description.little(UInt32.self, at: 0x10), words <= 64,
        // Kinds of buffers: 10 and 11, a directory's blocks with names; 0, of older kernels.
        [0, 10, 11].contains(flags >> 11)
      else { return }
      var bits: [Bool] = []
      for index in 0..<Int(words) {
        guard let word = try? description.little(UInt32.self, at: 0x14 + 4 * index) else { return }
        bits += (0..<32).map { word >> UInt32($0) & 1 == 1 }
      }
      var bit = 0
      for piece in item.pieces {
        guard let start = bits[min(bit, bits.count)...].firstIndex(of: true) else { return }
        pieces.append(
          Piece(moment: item.moment, block: block, offset: start * 128, bytes: piece))
        pieceBytes += piece.count + 64
        bit = start + max(1, piece.count / 128)
      }
      if pieceBytes > History.mostPieceBytes {
        pieces.removeFirst((pieces.count + 1) / 2)
        pieceBytes = pieces.reduce(0) { $0 + $1.bytes.count + 64 }
      }
    }
  }
}
