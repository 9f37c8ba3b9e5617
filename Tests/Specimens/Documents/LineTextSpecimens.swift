// SPDX-License-Identifier: Apache-2.0

import FileFormats

/// Texts that are followed line by line.
enum LineTextSpecimens {
  private static func lines(_ count: Int, _ line: (Int) -> String) -> String {
    (0..<count).map(line).joined()
  }

  private static let shortcut =
    "[InternetShortcut]\r\nURL=https://example.org/\r\n; a remark\r\n"
    + lines(30) { "Key\($0)=value\r\n" }

  private static let registry: [UInt8] =
    [0xFF, 0xFE]
    + ("Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\Boat]\r\n"
    + "\"Sail\"=hex:00,01,\\\r\n  02,03\r\n" + lines(20) { "\"k\($0)\"=dword:0000000\($0 % 9)\r\n" })
    .utf16.flatMap { little($0) }

  private static let subtitles = lines(20) {
    "\($0 + 1)\r\n00:00:\($0 + 10),500 --> 00:00:\($0 + 11),000\r\nWords\r\nand words\r\n\r\n"
  }

  private static let webSubtitles =
    "WEBVTT - a boat\n\n" + lines(20) { "00:\($0 + 10).000 --> 00:\($0 + 11).000\nWords\n\n" }

  private static let playlist =
    "#EXTM3U\n" + lines(20) { "#EXTINF:\($0),A boat\n/music/\($0).mp3\n" }

  private static let script = "#!/usr/bin/env python3\n" + lines(40) { "print(\($0))\n" }

  private static let patch =
    "diff --git a/boat b/boat\nindex 1234567..89abcde 100644\n--- a/boat\n+++ b/boat\n"
    + lines(10) { "@@ -\($0),3 +\($0),4 @@\n one\n-two\n+three\n+four\n \n" }

  private static let latex =
    "\\documentclass{article}\n\\title{A boat}\n\\begin{document}\n" + lines(40) { "Words \($0)\n" }
    + "\\end{document}\n"

  private static let dump =
    "-- MySQL dump 10.13  Distrib 8.0\n--\n-- Host: localhost    Database: boats\n"
    + lines(20) { "INSERT INTO `boats` VALUES (\($0));\n" }
    + "-- Dump completed on 2024-02-03  4:05:06\n"

  private static let entries =
    "version: 1\n\n"
    + lines(12) { "dn: cn=\($0),dc=org\nobjectClass: top\ncn: \($0)\n folded\n\n" }

  static let all: [Specimen] = [
    Specimen(.settings, ascii(shortcut), label: "shortcut", type: "url", verdict: .probable),
    Specimen(.settings, registry, label: "registry", type: "reg", verdict: .probable),
    Specimen(.srt, ascii(subtitles), verdict: .probable),
    Specimen(.vtt, ascii(webSubtitles), verdict: .probable),
    Specimen(.playlist, ascii(playlist), type: "m3u", verdict: .probable),
    Specimen(.script, ascii(script), type: "py", verdict: .probable),
    Specimen(.patch, ascii(patch), verdict: .probable),
    Specimen(.latex, ascii(latex), name: "A boat", verdict: .probable),
    Specimen(.sqlDump, ascii(dump), name: "boats", verdict: .probable),
    Specimen(.ldif, ascii(entries), verdict: .probable),
  ]
}
