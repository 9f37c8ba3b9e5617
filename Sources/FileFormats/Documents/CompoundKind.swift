// SPDX-License-Identifier: Apache-2.0

import Bytes

/// What a compound file is: by the class of its root, else by what lies in it.
struct CompoundKind {
  let type: String

  init(_ compound: CompoundFile, _ directory: CompoundDirectory) throws {
    let names = Set(directory.top.map(\.name))
    let found =
      Self.classes[Self.text(ofClass: directory.root.classID)]
      ?? Self.streams.first { names.isSuperset(of: $0.names) }?.type
      ?? Self.thumbnails(names) ?? "doc"
    type = try found == "doc" && Self.isTemplate(compound, directory) ? "dot" : found
  }

  /// Classes that leave no doubt; those of Office stand in files of other kinds too.
  private static let classes = [
    "000C1084-0000-0000-C000": "msi", "000C1086-0000-0000-C000": "msp",
    "000C1082-0000-0000-C000": "mst", "0006F046-0000-0000-C000": "oft",
    "83A33D30-27C5-11CE-BFD4": "sldprt", "83A33D32-27C5-11CE-BFD4": "sldasm",
    "83A33D34-27C5-11CE-BFD4": "slddrw", "56616700-C154-11CE-8553": "fpx",
    "74B78F3A-C8C8-11D1-BE11": "mpp",
  ]

  /// The first four parts of a class as they are written: three are little-endian.
  private static func text(ofClass id: [UInt8]) -> String {
    [[3, 2, 1, 0], [5, 4], [7, 6], [8, 9]].map { order in
      order.map { index in
        let digits = String(index < id.count ? id[index] : 0, radix: 16, uppercase: true)
        return digits.count == 1 ? "0" + digits : digits
      }.joined()
    }.joined(separator: "-")
  }

  /// What lies in the root of files of a kind, the surest first.
  private static let streams: [(names: Set<String>, type: String)] = [
    (["WordDocument"], "doc"), (["WksSSWorkBook"], "xlr"), (["Workbook"], "xls"),
    (["Book"], "xls"), (["PowerPoint Document"], "ppt"), (["PP40"], "ppt"),
    (["VisioDocument"], "vsd"), (["Quill"], "pub"), (["__properties_version1.0"], "msg"),
    (["__nameid_version1.0"], "msg"), (["\u{5}HwpSummaryInformation"], "hwp"),
    (["FileHeader", "DocInfo", "BodyText"], "hwp"), (["   19"], "mpp"), (["   112"], "mpp"),
    (["   114"], "mpp"), (["MatOST"], "wps"), (["CONTENTS", "SPELLING"], "wps"),
    (["EncryptedPackage", "EncryptionInfo"], "docx"), (["DocumentText", "TextProperties"], "jtd"),
    (["JSRV_SegmentInformation"], "jtd"), (["StarWriterDocument"], "sdw"),
    (["StarCalcDocument"], "sdc"), (["StarImpressDocument"], "sdd"),
    (["StarDrawDocument3"], "sda"), (["StarMathDocument"], "smf"), (["NativeContent_MAIN"], "qpw"),
    (["SwDocContentMgr"], "sldprt"), (["ISolidWorksInformation"], "sldprt"),
    (["swXmlContents"], "sldprt"), (["ClassDirectory3", "Scene"], "max"),
    (["ClassDirectory", "Scene"], "max"), (["BasicFileInfo", "Formats"], "rvt"),
    (["RSeDb", "RSeStorage"], "ipt"), (["RSeDb"], "ipt"), (["Contents", "Page 1"], "fla"),
    (["FileHeader", "Board6"], "pcbdoc"), (["FileHeader", "Storage"], "schdoc"),
    (["OibInfo.txt"], "oib"), (["Image", "Tags"], "zvi"),
    (["DestList"], "automaticdestinations-ms"),
    (["Resolution 0000"], "fpx"),
  ]

  /// Explorer's pictures of a folder: a catalogue and streams named by numbers.
  private static func thumbnails(_ names: Set<String>) -> String? {
    names.contains("Catalog") && names.allSatisfy { $0 == "Catalog" || $0.first?.isNumber == true }
      ? "db" : nil
  }

  /// Whether Word says that it is a template: bit 0 of the flags at offset 10.
  private static func isTemplate(_ compound: CompoundFile, _ directory: CompoundDirectory) throws
    -> Bool
  {
    guard let stream = directory.stream("WordDocument"),
      stream.size >= UInt64(compound.miniCutoff)
    else { return false }
    let head = try compound.stream(from: stream.start, size: 12).readPrefix(at: 0, count: 12)
    guard head.holds([0xEC, 0xA5], at: 0) else { return false }
    return try head.little(UInt8.self, at: 10) & 1 != 0
  }
}
