// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// The parts under measurement are links into the package's own sources: what is timed here is what
// the command runs.
/// Those under which the package builds its own libraries.
let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: settings)
}

let package = Package(
  name: "benchmarks",
  targets: [
    library("Bytes"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
    library("Checksums", ["Bytes", "CCrypto"]),
    .target(name: "CSignatureScan"),
    library("SignatureScan", ["Bytes", "CSignatureScan"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
    .systemLibrary(name: "CBzip2"),
    .systemLibrary(name: "CLZMA", pkgConfig: "liblzma"),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
    library("Compression", ["Bytes", "Checksums", "CBzip2", "CLZMA", "CZlib", "CZstd"]),
    library("Findings", ["Bytes"]),
    library(
      "FileFormats", ["Bytes", "Checksums", "Compression", "Findings", "SignatureScan"]),
    library("Volumes", ["Bytes", "Findings"]),
    .systemLibrary(name: "CExt2FS", pkgConfig: "ext2fs"),
    library("Btrfs", ["Bytes", "Checksums", "Compression", "Findings", "Volumes"]),
    library("Ext", ["Bytes", "Checksums", "Findings", "Volumes", "CExt2FS"]),
    library("ExFAT", ["Bytes", "Findings", "Volumes"]),
    library("FAT", ["Bytes", "Findings", "Volumes"]),
    library("NTFS", ["Bytes", "Compression", "Findings", "Volumes"]),
    library("XFS", ["Bytes", "Checksums", "Findings", "Volumes"]),
    .target(name: "Fixtures", dependencies: ["Bytes"]),
    .target(
      name: "Specimens",
      dependencies: [
        "Bytes", "Checksums", "FileFormats", "Findings", "Fixtures", "SignatureScan",
      ]),
    .executableTarget(
      name: "examine", dependencies: ["Bytes", "FileFormats", "Findings", "Fixtures", "Specimens"]),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Bytes", "Compression", "Findings", "FileFormats", "Fixtures", "Volumes", "Btrfs", "ExFAT",
        "Ext", "FAT", "NTFS", "XFS",
      ]),
    .executableTarget(
      name: "scan",
      dependencies: ["Bytes", "Checksums", "SignatureScan", "FileFormats"]),
  ],
  swiftLanguageModes: [.v6]
)
