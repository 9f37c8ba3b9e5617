// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// The parts under measurement are links into the package's own sources: what is timed here is what
// the command runs.
let package = Package(
  name: "benchmarks",
  targets: [
    .target(name: "Bytes"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto"),
    .target(name: "Checksums", dependencies: ["Bytes", "CCrypto"]),
    .target(name: "CSignatureScan"),
    .target(name: "SignatureScan", dependencies: ["Bytes", "CSignatureScan"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
    .systemLibrary(name: "CBzip2"),
    .systemLibrary(name: "CLZMA", pkgConfig: "liblzma"),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd"),
    .target(
      name: "Compression",
      dependencies: ["Bytes", "Checksums", "CBzip2", "CLZMA", "CZlib", "CZstd"]),
    .target(name: "Findings", dependencies: ["Bytes"]),
    .target(
      name: "FileFormats",
      dependencies: ["Bytes", "Checksums", "Compression", "Findings", "SignatureScan"]),
    .target(
      name: "Specimens",
      dependencies: ["Bytes", "Checksums", "FileFormats", "Findings", "SignatureScan"]),
    .executableTarget(
      name: "examine", dependencies: ["Bytes", "FileFormats", "Findings", "Specimens"]),
    .executableTarget(
      name: "fuzz", dependencies: ["Bytes", "FileFormats"]),
    .executableTarget(
      name: "scan",
      dependencies: ["Bytes", "Checksums", "SignatureScan", "FileFormats"]),
  ],
  swiftLanguageModes: [.v6]
)
