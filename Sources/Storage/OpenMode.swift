// SPDX-License-Identifier: Apache-2.0

/// How this process holds a file open, as the kernel says: the proof that a source is only read.
///
/// - Source: Linux, proc_pid_fdinfo(5): `flags` is octal, the lowest two bits are the access mode.
package struct OpenMode: Sendable, Equatable {
  /// The flags of open(2), as the kernel keeps them.
  package let flags: UInt32

  package var isReadOnly: Bool { flags & 3 == 0 }

  package init(flags: UInt32) { self.flags = flags }

  /// Of every open of `path` by this process.
  package static func all(of path: String, in files: SystemFiles = SystemFiles()) -> [OpenMode] {
    guard let target = files.resolved(path) else { return [] }
    return files.names("/proc/self/fd").compactMap { number in
      guard files.resolved("/proc/self/fd/" + number) == target else { return nil }
      return files.text("/proc/self/fdinfo/" + number).flatMap(Self.init(fdinfo:))
    }
  }

  /// Reads the text of a file of `/proc/self/fdinfo`.
  init?(fdinfo text: String) {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("flags:") }),
      let flags = UInt32(line.dropFirst(6).drop { $0 == "\t" || $0 == " " }, radix: 8)
    else { return nil }
    self.flags = flags
  }
}
