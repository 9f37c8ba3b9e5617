// SPDX-License-Identifier: Apache-2.0

import Bytes
import SignatureScan

extension FileFormat {
  /// Settings in sections: `[Section]`, `key=value`, remarks. Shortcuts, launchers, setup scripts and
  /// exports of the registry are such files, told by their first section.
  ///
  /// - Source: freedesktop.org, *Desktop Entry Specification*, §3 "Basic format of the file";
  ///   Microsoft, *How to add, modify, or delete registry subkeys by using a .reg file*.
  package static let settings = FileFormat(
    id: "ini", name: "settings", category: .system,
    extensions: ["ini", "url", "desktop", "reg", "inf", "theme", "pls", "ass", "ssa", "service"],
    otherCategories: [.document: ["pls", "ass", "ssa"]], validation: .reasoning,
    signatures: SettingsGrammar.starts.map { .anyCase($0) }
      + ["[Script Info]", "[playlist]"].map { .anyCase($0, marked: true) }
      + Signature.wideText("Windows Registry Editor") + Signature.wideText("[Version]"),
    maximumSize: 0x4000_0000,
    resembles: { FileFormat.head($0, keepsTo: examineSettings) }, examine: examineSettings)

  private static func examineSettings(_ file: Source) throws -> Examination {
    try LineWalk<SettingsGrammar>.examine(file, "ini", "settings")
  }
}

/// The lines of a file of settings.
struct SettingsGrammar: LineGrammar {
  private static let types = [
    ("[InternetShortcut]", "url"), ("[Desktop Entry]", "desktop"),
    ("Windows Registry Editor Version", "reg"), ("REGEDIT4", "reg"), ("[Version]", "inf"),
    ("[Theme]", "theme"), ("[playlist]", "pls"), ("[Script Info]", "ass"), ("[Unit]", "service"),
    ("[.ShellClassInfo]", "ini"), ("[boot loader]", "ini"),
    ("[{000214A0-0000-0000-C000-000000000046}]", "url"),
  ]

  /// How such files begin.
  static let starts = types.map(\.0)

  private var first: String?
  private var keys = 0
  /// Whether the last line goes on in the next: the registry's long values.
  private var isContinued = false
  private(set) var name: String?

  var mayEnd: Bool { first != nil && (keys > 0 || type == "reg") }

  var type: String? {
    let start = first?.lowercased() ?? ""
    return Self.types.first { start.hasPrefix($0.0.lowercased()) }?.1 ?? "ini"
  }

  mutating func read(_ line: [UInt8]) -> LineStep {
    let text = line.drop { $0 == 0x20 || $0 == 0x09 }
    let wasContinued = isContinued
    isContinued = line.last == 0x5C
    guard first != nil else {
      first = String(decoding: line, as: UTF8.self)
      return .goesOn
    }
    guard let mark = text.first, !wasContinued, mark != 0x3B, mark != 0x23 else { return .goesOn }
    if mark == 0x5B { return text.contains(0x5D) ? .goesOn : .isForeign }
    if let equals = text.firstIndex(of: 0x3D) ?? text.firstIndex(of: 0x3A) {
      keys += 1
      take(text[..<equals], text[(equals + 1)...])
      return .goesOn
    }
    // Setup scripts list files, a line each.
    return type == "inf" || type == "ini" ? .goesOn : .isForeign
  }

  private mutating func take(_ key: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>) {
    guard name == nil else { return }
    switch String(decoding: key, as: UTF8.self) {
    case "Name", "Title", "Description": name = ContentText.text(value)
    default: break
    }
  }
}
