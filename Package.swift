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
  products: [],
  targets: [
    // Layer 0
    library("Bytes"),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    library("Checksums", ["Bytes", "CCrypto"]),
    // Layer 1
    .target(name: "CSignatureScan"),
    library("SignatureScan", ["Bytes", "CSignatureScan"]),
    library("Findings", ["Bytes"]),
    // Layer 2
    library("Volumes", ["Bytes", "Findings"]),
    library("FileFormats", ["Bytes", "Checksums", "Findings", "SignatureScan"]),
    // Layer 3
    library("Carving", ["Bytes", "Findings", "SignatureScan", "FileFormats"]),
    // Tests
    tests("BytesTests", ["Bytes"]),
    tests("ChecksumsTests", ["Checksums"]),
    tests("FindingsTests", ["Bytes", "Findings"]),
    tests(
      "FileFormatsTests", ["Bytes", "Checksums", "FileFormats", "Findings", "SignatureScan"]),
  ],
  swiftLanguageModes: [.v6]
)
