// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Tests build their bytes from arrays, whose spans count as unsafe.
let testSettings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
]

/// A library of the package: what it may import is its row in ARCHITECTURE.md.
func library(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: settings)
}

func tests(_ name: String, _ imports: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: imports, swiftSettings: testSettings)
}

let package = Package(
  name: "renflou",
  products: [.executable(name: "renflou", targets: ["renflou"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    // Layer 0
    library("Bytes"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    library("Checksums", ["Bytes", "CCrypto"]),
    // Layer 1
    .target(name: "CSignatureScan"),
    library("SignatureScan", ["Bytes", "CSignatureScan"]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // Debian 12 has no pkg-config file of bzip2.
    .systemLibrary(name: "CBzip2", providers: [.apt(["libbz2-dev"])]),
    .systemLibrary(name: "CLZMA", pkgConfig: "liblzma", providers: [.apt(["liblzma-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    library("Compression", ["Bytes", "Checksums", "CBzip2", "CLZMA", "CZlib", "CZstd"]),
    library("Findings", ["Bytes"]),
    .target(name: "CStorage"),
    // Debian 12 has no pkg-config file of libdeflate.
    .systemLibrary(name: "CDeflate", providers: [.apt(["libdeflate-dev"])]),
    library("Storage", ["Bytes", "Checksums", "CDeflate", "CStorage"]),
    // The variadic half of libcurl is out of Swift's reach. It is loaded when it is needed.
    .target(name: "CTransfer"),
    library("Transfer", ["CTransfer"]),
    library("Health", ["Bytes"]),
    library("Partitions", ["Bytes", "Checksums"]),
    // Layer 2
    .systemLibrary(name: "CBlkid", pkgConfig: "blkid", providers: [.apt(["libblkid-dev"])]),
    library("Identification", ["Bytes", "Storage", "CBlkid"]),
    library("Volumes", ["Bytes", "Findings"]),
    library(
      "Case",
      [
        "Bytes", "Checksums", "Findings", "Storage",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    library(
      "FileFormats", ["Bytes", "Checksums", "Compression", "Findings", "SignatureScan"]),
    // Layer 3
    library("FAT", ["Bytes", "Findings", "Volumes"]),
    .systemLibrary(name: "CExt2FS", pkgConfig: "ext2fs", providers: [.apt(["libext2fs-dev"])]),
    library("Btrfs", ["Bytes", "Checksums", "Compression", "Findings", "Volumes"]),
    library("Ext", ["Bytes", "Checksums", "Findings", "Volumes", "CExt2FS"]),
    library("ExFAT", ["Bytes", "Findings", "Volumes"]),
    library("XFS", ["Bytes", "Checksums", "Findings", "Volumes"]),
    library("NTFS", ["Bytes", "Compression", "Findings", "Volumes"]),
    library("Carving", ["Bytes", "Findings", "SignatureScan", "FileFormats"]),
    library("Imaging", ["Bytes", "Checksums", "Storage"]),
    library("Reporting", ["Bytes", "Checksums", "Findings", "Case"]),
    // Layer 4
    library(
      "Recovery",
      [
        "Bytes", "Checksums", "Compression", "Storage", "Findings", "SignatureScan", "Partitions",
        "Identification", "Volumes", "FileFormats", "Case", "Carving", "Imaging", "Btrfs", "ExFAT",
        "Ext", "FAT", "NTFS", "XFS",
      ]),
    library(
      "Ticketing",
      ["Bytes", "Checksums", "Storage", "Findings", "Case", "Reporting", "Transfer"]),
    library(
      "Delivery", ["Bytes", "Checksums", "Storage", "Health", "Findings", "Case", "Reporting"]),
    // Layer 5
    .executableTarget(
      name: "renflou",
      dependencies: [
        "Bytes", "Checksums", "Findings", "Storage", "SignatureScan", "Partitions", "Health",
        "Identification", "Volumes", "FileFormats", "Carving", "Case", "Imaging", "Reporting",
        "Recovery", "Delivery", "Ticketing", "Transfer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: settings),
    // Tests
    tests("BytesTests", ["Bytes"]),
    tests("ChecksumsTests", ["Checksums"]),
    tests("StorageTests", ["Bytes", "Checksums", "Fixtures", "Storage"]),
    tests("ImagingTests", ["Bytes", "Checksums", "Fixtures", "Storage", "Imaging"]),
    tests("HealthTests", ["Bytes", "Health"]),
    tests("IdentificationTests", ["Bytes", "Storage", "Identification"]),
    tests("SignatureScanTests", ["Bytes", "CSignatureScan", "SignatureScan"]),
    tests("FindingsTests", ["Bytes", "Findings"]),
    tests("PartitionsTests", ["Bytes", "Checksums", "Partitions"]),
    tests(
      "CaseTests", ["Bytes", "Findings", "Case", .product(name: "GRDB", package: "GRDB.swift")]),
    // A medium in memory and noise: what many tests share.
    .target(
      name: "Fixtures", dependencies: ["Bytes"], path: "Tests/Fixtures",
      swiftSettings: testSettings),
    // Specimens of all formats: for tests, the fuzzer and `examine`.
    .target(
      name: "Specimens",
      dependencies: [
        "Bytes", "Checksums", "FileFormats", "Findings", "Fixtures", "SignatureScan",
      ],
      path: "Tests/Specimens", swiftSettings: testSettings),
    tests("ReportingTests", ["Bytes", "Findings", "Case", "Reporting"]),
    tests("RecoveryTests", ["Bytes", "Findings", "Recovery"]),
    tests(
      "TicketingTests",
      ["Checksums", "Storage", "Ticketing", "Transfer"]),
    tests(
      "DeliveryTests",
      ["Bytes", "Checksums", "Findings", "Storage", "Case", "Reporting", "Delivery"]),
    tests("CompressionTests", ["Bytes", "Fixtures", "Compression"]),
    tests("BtrfsTests", ["Bytes", "Fixtures", "Checksums", "Findings", "Volumes", "Btrfs"]),
    tests("ExtTests", ["Bytes", "Fixtures", "Checksums", "Findings", "Volumes", "Ext"]),
    tests("ExFATTests", ["Bytes", "Fixtures", "Findings", "Volumes", "ExFAT"]),
    tests("FATTests", ["Bytes", "Fixtures", "Findings", "Volumes", "FAT"]),
    tests("XFSTests", ["Bytes", "Fixtures", "Checksums", "Findings", "Volumes", "XFS"]),
    tests("NTFSTests", ["Bytes", "Fixtures", "Compression", "Findings", "Volumes", "NTFS"]),
    .testTarget(
      name: "CommandTests",
      dependencies: ["Fixtures", "renflou", .product(name: "GRDB", package: "GRDB.swift")],
      swiftSettings: testSettings),
    tests(
      "CarvingTests",
      ["Bytes", "Checksums", "Fixtures", "Findings", "SignatureScan", "FileFormats", "Carving"]),
    tests(
      "FileFormatsTests",
      ["Bytes", "Checksums", "FileFormats", "Findings", "Fixtures", "SignatureScan", "Specimens"]),
  ],
  swiftLanguageModes: [.v6]
)
