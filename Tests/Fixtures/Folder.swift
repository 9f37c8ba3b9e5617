// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A folder of a test's own, removed with its owner.
package final class Folder {
  package let path: String

  package init() {
    var template = Array("/tmp/renflou-test-XXXXXX".utf8CString)
    path = template.withUnsafeMutableBufferPointer { String(cString: mkdtemp($0.baseAddress!)) }
  }

  /// Writes a file and returns its path.
  @discardableResult package func file(_ name: String, _ bytes: [UInt8]) -> String {
    let path = self.path + "/" + name
    let file = fopen(path, "w")!
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
    return path
  }

  /// All bytes of a file below the folder; nil where there is none.
  package func bytes(_ name: [UInt8]) -> [UInt8]? {
    let path = Array(self.path.utf8) + [0x2F] + name + [0]
    guard
      let file = path.withUnsafeBytes({
        fopen($0.baseAddress!.assumingMemoryBound(to: CChar.self), "r")
      })
    else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65536)
    while case let got = fread(&piece, 1, piece.count, file), got > 0 { bytes += piece[..<got] }
    return bytes
  }

  package func bytes(_ name: String) -> [UInt8]? { bytes(Array(name.utf8)) }

  /// The names in the folder or one below, sorted.
  package func names(_ below: String = "") -> [[UInt8]] {
    guard let folder = opendir(path + "/" + below) else { return [] }
    defer { closedir(folder) }
    var names: [[UInt8]] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != [0x2E], name != [0x2E, 0x2E] { names.append(name) }
    }
    return names.sorted { $0.lexicographicallyPrecedes($1) }
  }

  deinit { Self.remove(AT_FDCWD, Array(path.utf8)) }

  private static func remove(_ parent: Int32, _ name: [UInt8]) {
    let name = (name + [0]).map { CChar(bitPattern: $0) }
    if unlinkat(parent, name, 0) == 0 { return }
    let folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    if folder >= 0, let list = fdopendir(folder) {
      while let entry = readdir(list) {
        let inner = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
        if inner != [0x2E], inner != [0x2E, 0x2E] { remove(folder, inner) }
      }
      closedir(list)
    }
    unlinkat(parent, name, AT_REMOVEDIR)
  }
}

/// Bytes that differ from place to place.
package func pattern(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var state = seed
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 56)
  }
}
