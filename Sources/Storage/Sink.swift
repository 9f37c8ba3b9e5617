// SPDX-License-Identifier: Apache-2.0

import Bytes
import CStorage
import Glibc
import Synchronization

/// A folder to recover into: the only thing that can be written.
///
/// Nothing leaves the folder, whatever names come from a disk: every step is one clean component,
/// opened below its parent without following links. Nothing that stands there is overwritten.
package final class Sink: Sendable {
  /// The folder, as the user named it.
  package let path: String
  private let root: Descriptor
  private let lastFolder = Mutex<Place?>(nil)
  /// Temporary names in use, by folder.
  private let partials = Mutex<Set<PartialKey>>([])
  /// The number that the next file of a name gets, for names that were taken: or the ten
  /// thousandth file of a name would try all the others first.
  private let nextNumbers = Mutex<[PartialKey: Int]>([:])
  private let written = Atomic<UInt64>(0)
  private let margin: ByteCount

  /// A folder below the root that was opened for some path.
  struct Place: Sendable {
    let asked: [[UInt8]]
    let folder: Descriptor
    /// Its components as they are on the target.
    let actual: [[UInt8]]
  }

  struct PartialKey: Hashable, Sendable {
    let device: UInt64
    let inode: UInt64
    let name: [UInt8]
  }

  /// How much may be written before the free space is looked at again: 64 MiB.
  static let checkInterval: UInt64 = 0x400_0000

  /// How many taken names are tried before a name is given up.
  static let mostTwins = 100_000

  /// Opens the folder, making it and its parents where they are missing.
  package init(folder path: String) throws(SinkError) {
    self.path = path
    root = Descriptor(try Self.open(path))
    let total = (try? Self.space(root, path).total) ?? 0
    margin = ByteCount(min(Self.checkInterval, total.rawValue / 64))
  }

  private static func open(_ path: String) throws(SinkError) -> Int32 {
    // SAFETY: paths are strings that outlive the calls.
    let number = unsafe cs_open_folder(path)
    if number >= 0 { return number }
    guard SystemError(number).code == ENOENT else { throw SinkError(path, SystemError(number)) }
    var end = path.startIndex
    while end < path.endIndex {
      end = path[end...].dropFirst().firstIndex(of: "/") ?? path.endIndex
      let made = unsafe cs_make_folder_at(AT_FDCWD, String(path[..<end]))
      let code = SystemError(made).code
      // A parent that cannot be made may still be there: the last step tells.
      guard made == 0 || code == EEXIST || end < path.endIndex else {
        throw SinkError(path, SystemError(made))
      }
    }
    let again = unsafe cs_open_folder(path)
    guard again >= 0 else { throw SinkError(path, SystemError(again)) }
    return again
  }

  /// What may still be written to the target.
  package var freeSpace: ByteCount {
    get throws(SinkError) { try Self.space(root, path).available }
  }

  /// What each file takes a multiple of on the target; 4 KiB where it does not say.
  package var allocationUnit: ByteCount {
    let unit = (try? Self.space(root, path).unit) ?? 0
    return unit > 0 ? unit : 4096
  }

  private static func space(
    _ folder: Descriptor, _ path: String
  ) throws(SinkError) -> (available: ByteCount, total: ByteCount, unit: ByteCount) {
    var space = cs_space()
    let result = unsafe cs_space_of(folder.number, &space)
    guard result == 0 else { throw SinkError(path, SystemError(result)) }
    return (ByteCount(space.available), ByteCount(space.total), ByteCount(space.unit))
  }

  /// Throws `full` where less than the margin (64 MiB, less on small targets) would be left.
  package func checkSpace(for count: ByteCount = 0) throws(SinkError) {
    let free = try freeSpace
    guard free.subtractingClamped(count) >= margin, free >= count else {
      throw SinkError(path, .full)
    }
  }

  /// Counts what was written, and looks at the free space each 64 MiB.
  func note(written count: UInt64) throws(SinkError) {
    let (before, after) = written.add(count, ordering: .relaxed)
    let interval = min(Self.checkInterval, max(margin.rawValue, 0x1_0000))
    if before / interval != after / interval { try checkSpace() }
  }

  /// Makes a folder and all above it, and returns its path below the sink as it came to be.
  @discardableResult
  package func makeFolder(_ path: [[UInt8]]) throws(SinkError) -> [[UInt8]] {
    try place(path).actual
  }

  /// Starts a file; its last component is the name, those before it are folders.
  package func create(_ path: [[UInt8]]) throws(SinkError) -> SinkFile {
    try checkSpace()
    let place = try place(Array(path.dropLast()))
    return try SinkFile(in: self, place, name: path.last ?? [])
  }

  /// Writes everything to the disk itself.
  package func synchronize() throws(SinkError) {
    let result = cs_sync_all(root.number)
    guard result == 0 else { throw SinkError(path, SystemError(result)) }
  }

  /// The size of a file that the sink made earlier, by its path below the sink as `SinkFile` told
  /// it; nil where there is none.
  package func size(of relativePath: [[UInt8]]) -> ByteCount? {
    guard let name = relativePath.last else { return nil }
    var folder = root
    for component in relativePath.dropLast() {
      let number = folder.openFolder(component)
      guard number >= 0 else { return nil }
      folder = Descriptor(number)
    }
    guard let status = folder.status(of: name), status.kind == CS_FILE else { return nil }
    return ByteCount(status.size)
  }

  /// Opens the folder for a path, making what is missing.
  private func place(_ asked: [[UInt8]]) throws(SinkError) -> Place {
    if let last = lastFolder.withLock({ $0 }), last.asked == asked { return last }
    var folder = root
    var actual: [[UInt8]] = []
    for component in asked {
      let (next, name) = try open(component, in: folder)
      folder = next
      actual.append(name)
    }
    let place = Place(asked: asked, folder: folder, actual: actual)
    lastFolder.withLock { $0 = place }
    return place
  }

  /// Opens or makes one folder. Where a file or a link has its name, it gets a number.
  private func open(
    _ raw: [UInt8], in parent: Descriptor
  ) throws(SinkError) -> (Descriptor, [UInt8]) {
    for rules in SafeName.Rules.allCases {
      let safe = SafeName(raw, rules)
      for number in 1...Self.mostTwins {
        let name = safe.numbered(number, rules)
        let made = parent.makeFolder(name)
        let problem = SystemError(made).code
        if made != 0, rules == .linux, Self.isRefusedName(problem) { break }
        guard made == 0 || problem == EEXIST else { throw SinkError(path, SystemError(made)) }
        let opened = parent.openFolder(name)
        if opened >= 0 { return (Descriptor(opened), name) }
        guard [ENOTDIR, ELOOP, ENXIO].contains(SystemError(opened).code) else {
          throw SinkError(path, SystemError(opened))
        }
      }
    }
    throw SinkError(path, .nameTooLong)
  }

  /// Whether an error means that the target does not take the name itself.
  static func isRefusedName(_ code: Int32) -> Bool {
    [EINVAL, EILSEQ, ENAMETOOLONG].contains(code)
  }

  /// The first number worth trying for a file's final name.
  func firstNumber(_ key: PartialKey) -> Int { nextNumbers.withLock { $0[key] ?? 1 } }

  /// Remembers that a final name and all its numbers up to this one are taken.
  func note(taken number: Int, _ key: PartialKey) {
    guard number > 1 else { return }
    nextNumbers.withLock { numbers in
      if numbers.count >= Self.mostNumbers { numbers.removeAll() }
      numbers[key] = number + 1
    }
  }

  private static let mostNumbers = 0x1_0000

  /// Reserves a temporary name in a folder; false where a file that is being written has it.
  func reserve(_ key: PartialKey) -> Bool { partials.withLock { $0.insert(key).inserted } }

  func release(_ key: PartialKey) { _ = partials.withLock { $0.remove(key) } }
}
