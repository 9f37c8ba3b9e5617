// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import Volumes

/// How well bytes fit a file's name and size: only to choose between places where it may start.
enum ContentHint {
  static func score(
    of start: UInt32, _ entry: DirectoryEntry, _ source: Source, _ boot: BootSector
  ) -> Double {
    let last = start.addingReportingOverflow(boot.clusters(for: entry.size) &- 1).partialValue
    let leading = self.start(entry, in: start, source, boot)
    return leading > -8 ? leading + ending(entry, in: last, source, boot) : leading
  }

  /// How well the first bytes fit the name: above 0 where they are what it promises.
  static func start(
    _ entry: DirectoryEntry, in first: UInt32, _ source: Source, _ boot: BootSector
  ) -> Double {
    guard boot.contains(first),
      let bytes = try? source.read(at: ByteOffset(boot.offset(of: first)), count: 32)
    else { return -8 }
    return leading(bytes, entry)
  }

  private static func leading(_ bytes: [UInt8], _ entry: DirectoryEntry) -> Double {
    let head = bytes.prefix(Int(min(entry.size, 16)))
    let type = entry.name.pathExtension
    if let expected = signatures[type] {
      return expected.contains { bytes.holds($0, at: 0) } ? 4 : -4
    }
    let isKnown = signatures.values.joined().contains { bytes.holds($0, at: 0) }
    if texts.contains(type) {
      let isText = head.allSatisfy { ($0 >= 9 && $0 < 127) || $0 > 127 }
      return isText && !isKnown ? 2 : -3
    }
    // Clusters that nobody ever wrote to are zeros, and few files start with them: this weighs more
    // than an end that does not fit, as that of a file in pieces.
    if head.allSatisfy({ $0 == 0 }) { return -6 }
    return isKnown ? -2 : 0
  }

  /// How well the end fits the size; see `FileTail`.
  ///
  /// - Parameter last: the file's last cluster.
  static func ending(
    _ entry: DirectoryEntry, in last: UInt32, _ source: Source, _ boot: BootSector
  ) -> Double {
    guard boot.contains(last) else { return 0 }
    return FileTail.fit(
      size: UInt64(entry.size), cluster: ByteOffset(boot.offset(of: last)),
      clusterSize: boot.clusterSize, sector: boot.sectorSize, in: source)
  }

  private static let texts: Set<String> = [
    "txt", "csv", "log", "md", "html", "htm", "xml", "json", "c", "h", "py", "css", "js", "ini",
  ]

  private static let signatures: [String: [[UInt8]]] = {
    let zip: [[UInt8]] = [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]]
    let jpeg: [[UInt8]] = [[0xFF, 0xD8, 0xFF]]
    let compound: [[UInt8]] = [[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]]
    let riff: [[UInt8]] = [Array("RIFF".utf8)]
    let tiff: [[UInt8]] = [[0x49, 0x49, 0x2A, 0], [0x4D, 0x4D, 0, 0x2A]]
    return [
      "png": [[0x89, 0x50, 0x4E, 0x47]], "pdf": [Array("%PDF".utf8)], "jpg": jpeg, "jpeg": jpeg,
      "gif": [Array("GIF8".utf8)], "docx": zip, "xlsx": zip, "pptx": zip, "zip": zip, "odt": zip,
      "ods": zip, "odp": zip, "epub": zip, "jar": zip, "apk": zip, "doc": compound,
      "xls": compound, "ppt": compound, "msi": compound, "wav": riff, "avi": riff, "webp": riff,
      "tif": tiff, "tiff": tiff, "nef": tiff, "cr2": tiff, "dng": tiff, "arw": tiff,
      "rar": [Array("Rar!".utf8)], "7z": [[0x37, 0x7A, 0xBC, 0xAF]], "gz": [[0x1F, 0x8B]],
      "bz2": [Array("BZh".utf8)], "xz": [[0xFD, 0x37, 0x7A, 0x58]], "exe": [[0x4D, 0x5A]],
      "dll": [[0x4D, 0x5A]], "rtf": [Array("{\\rtf".utf8)], "flac": [Array("fLaC".utf8)],
      "ogg": [Array("OggS".utf8)], "psd": [Array("8BPS".utf8)],
      "mkv": [[0x1A, 0x45, 0xDF, 0xA3]], "webm": [[0x1A, 0x45, 0xDF, 0xA3]],
    ]
  }()
}
