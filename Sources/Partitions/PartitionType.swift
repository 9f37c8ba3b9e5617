// SPDX-License-Identifier: Apache-2.0

/// What the type codes of partition tables stand for.
///
/// - Source: UEFI Specification 2.10, table 5.7; the Discoverable Partitions Specification; for
///   MBR types, the list that util-linux's `fdisk` prints.
enum PartitionType {
  /// The name of an MBR type.
  static func name(of code: UInt8) -> String {
    switch code {
    case 0x01: "FAT12"
    case 0x04, 0x06, 0x0E, 0x14, 0x16, 0x1E: "FAT16"
    case 0x07, 0x17: "NTFS or exFAT"
    case 0x0B, 0x0C, 0x1B, 0x1C: "FAT32"
    case 0x27: "Windows recovery"
    case 0x42: "Windows dynamic disk"
    case 0x82: "Linux swap"
    case 0x83: "Linux"
    case 0x8E: "Linux LVM"
    case 0xA5: "FreeBSD"
    case 0xA8: "Apple UFS"
    case 0xAF: "Apple HFS+"
    case 0xEF: "EFI system"
    case 0xFD: "Linux RAID"
    default: "type 0x" + (code < 16 ? "0" : "") + String(code, radix: 16, uppercase: true)
    }
  }

  /// The name of a GPT type, from its 16 bytes as they stand on the disk.
  static func name(of bytes: [UInt8]) -> String {
    let text = text(of: bytes)
    return names[text] ?? text
  }

  /// A GUID as text: the first three fields are little-endian.
  static func text(of bytes: [UInt8]) -> String {
    let order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]
    var text = ""
    for (place, index) in order.enumerated() where index < bytes.count {
      if [4, 6, 8, 10].contains(place) { text += "-" }
      let byte = bytes[index]
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return text
  }

  private static let names = [
    "C12A7328-F81F-11D2-BA4B-00A0C93EC93B": "EFI system",
    "E3C9E316-0B5C-4DB8-817D-F92DF00215AE": "Microsoft reserved",
    "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7": "Basic data",
    "DE94BBA4-06D1-4D40-A16A-BFD50179D6AC": "Windows recovery",
    "5808C8AA-7E8F-42E0-85D2-E1E90434CFB3": "Windows dynamic disk metadata",
    "AF9B60A0-1431-4F62-BC68-3311714A69AD": "Windows dynamic disk",
    "0FC63DAF-8483-4772-8E79-3D69D8477DE4": "Linux",
    "0657FD6D-A4AB-43C4-84E5-0933C84B4F4F": "Linux swap",
    "E6D6D379-F507-44C2-A23C-238F2A3DF928": "Linux LVM",
    "A19D880F-05FC-4D3B-A006-743F0F84911E": "Linux RAID",
    "4F68BCE3-E8CD-4DB1-96E7-FBCAF984B709": "Linux root (x86-64)",
    "933AC7E1-2EB4-4F13-B844-0E14E2AEF915": "Linux home",
    "21686148-6449-6E6F-744E-656564454649": "BIOS boot",
    "48465300-0000-11AA-AA11-00306543ECAC": "Apple HFS+",
    "7C3457EF-0000-11AA-AA11-00306543ECAC": "Apple APFS",
    "CA7D7CCB-63ED-4C53-861C-1742536059CC": "LUKS",
  ]
}
