// SPDX-License-Identifier: Apache-2.0

import FileFormats

/// Drawings and scenes.
enum SceneSpecimens {
  static let all: [Specimen] = [
    scene, firstScene, blender, newBlender, autodesk, wideAutodesk, studio, corel, exchange,
    commented,
  ]

  private static let text = ascii(#"{"asset":{"version":"2.0"},"scene":0,"name":"A boat"}   "#)

  private static let scene: Specimen = {
    let data = junk(700)
    let chunks =
      little(UInt32(text.count)) + ascii("JSON") + text + little(UInt32(data.count))
      + ascii("BIN\0") + data
    let bytes =
      ascii("glTF") + little(UInt32(2)) + little(UInt32(12 + chunks.count)) + chunks
    return Specimen(
      .glb, bytes, label: "2", verdict: .probable, boundaries: [12, 20, 20 + text.count])
  }()

  private static let firstScene: Specimen = {
    let bytes =
      ascii("glTF") + little(UInt32(1)) + little(UInt32(20 + text.count + 600))
      + little(UInt32(text.count)) + zeros(4) + text + junk(600)
    return Specimen(
      .glb, bytes, label: "1", verdict: .probable, boundaries: [20, 20 + text.count])
  }()

  private static let types = ascii("SDNANAME") + junk(300)

  private static let blender: Specimen = {
    func block(_ code: String, _ data: [UInt8]) -> [UInt8] {
      ascii(code, padTo: 4) + little(UInt32(data.count)) + junk(8) + zeros(4)
        + little(UInt32(1)) + data
    }
    let bytes =
      ascii("BLENDER-v279") + block("REND", junk(72)) + block("GLOB", junk(400))
      + block("OB", junk(900)) + block("DNA1", types) + block("ENDB", [])
    return Specimen(
      .blend, bytes, label: "2", verdict: .intact,
      boundaries: [12, 108, 532, bytes.count - 24])
  }()

  private static let newBlender: Specimen = {
    func block(_ code: String, _ data: [UInt8]) -> [UInt8] {
      ascii(code, padTo: 4) + zeros(4) + junk(8) + little(UInt64(data.count))
        + little(UInt64(1)) + data
    }
    let bytes =
      ascii("BLENDER17-01v0500") + block("GLOB", junk(400)) + block("DNA1", types)
      + block("ENDB", [])
    return Specimen(.blend, bytes, label: "5", verdict: .intact, boundaries: [17, 449])
  }()

  private static let footer: [UInt8] =
    junk(16) + zeros(9) + zeros(8) + zeros(120)
    + [
      0xF8, 0x5A, 0x8C, 0x6A, 0xDE, 0xF5, 0xD9, 0x7E, 0xEC, 0xE9, 0x0C, 0xE3, 0x75, 0x8F, 0x29,
      0x0B,
    ]

  /// Nodes of a name, properties, and nodes inside.
  private static func fbx<T: FixedWidthInteger>(_: T.Type, version: UInt32) -> [UInt8] {
    let width = MemoryLayout<T>.size
    func node(_ name: String, _ properties: [UInt8], at start: Int, _ inner: [UInt8] = [])
      -> [UInt8]
    {
      let size = 3 * width + 1 + name.utf8.count + properties.count + inner.count
      return little(T(start + size)) + little(T(1)) + little(T(properties.count))
        + [UInt8(name.utf8.count)] + ascii(name) + properties + inner
    }
    let empty = zeros(3 * width + 1)
    let first = node("FileId", junk(300), at: 27)
    let start = 27 + first.count
    let inside = start + 3 * width + 1 + 7 + 5
    let inner = node("Version", junk(400), at: inside)
    let second = node("Objects", junk(5), at: start, inner + empty)
    return ascii("Kaydara FBX Binary  \0") + [0x1A, 0] + little(version) + first + second + empty
      + footer
  }

  private static let autodesk = Specimen(
    .fbx, fbx(UInt32.self, version: 7400), label: "7400", verdict: .intact,
    boundaries: [27, 27 + 13 + 306])

  private static let wideAutodesk = Specimen(
    .fbx, fbx(UInt64.self, version: 7500), label: "7500", verdict: .intact,
    boundaries: [27, 27 + 25 + 306])

  private static let studio: Specimen = {
    func chunk(_ kind: UInt16, _ data: [UInt8]) -> [UInt8] {
      little(kind) + little(UInt32(6 + data.count)) + data
    }
    let mesh = chunk(0x4100, chunk(0x4110, junk(500)) + chunk(0x4120, junk(300)))
    let objects = chunk(
      0x3D3D, chunk(0x3D3E, [3, 0, 0, 0]) + chunk(0x4000, ascii("Boat\0") + mesh))
    let bytes = chunk(
      0x4D4D, chunk(2, [3, 0, 0, 0]) + objects + chunk(0xB000, chunk(0xB00A, junk(60))))
    return Specimen(
      .threeDS, bytes, verdict: .intact, boundaries: [6, 16, 22, 32, 43, 16 + objects.count])
  }()

  private static let corel: Specimen = {
    func chunk(_ id: String, _ data: [UInt8]) -> [UInt8] {
      ascii(id) + little(UInt32(data.count)) + data + zeros(data.count & 1)
    }
    let chunks =
      chunk("vrsn", [0x84, 3]) + chunk("DISP", junk(301)) + chunk("LIST", ascii("page") + junk(600))
    let bytes = ascii("RIFF") + little(UInt32(4 + chunks.count)) + ascii("CDR9") + chunks
    return Specimen(.cdr, bytes, verdict: .intact, boundaries: [12, 22, 332])
  }()

  private static func drawing(_ end: String) -> String {
    let header = [
      "  0", "SECTION", "  2", "HEADER", "  9", "$ACADVER", "  1", "AC1015", "  0", "ENDSEC",
    ]
    let line = ["  0", "LINE", "  8", "0", " 10", "1.5", " 20", "2.5", " 11", "7.0", " 21", "9.25"]
    let entities =
      ["  0", "SECTION", "  2", "ENTITIES"] + Array(repeating: line, count: 12).joined()
    let lines = header + entities + ["  0", "ENDSEC", "  0", "EOF"]
    return lines.map { $0 + end }.joined()
  }

  private static let exchange: Specimen = {
    let bytes = ascii(drawing("\r\n"))
    return Specimen(
      .dxf, bytes, verdict: .intact, boundaries: [14], wholeCuts: [bytes.count - 2..<bytes.count])
  }()

  private static let commented: Specimen = {
    let bytes = ascii("999\nA boat\n" + drawing("\n"))
    return Specimen(
      .dxf, bytes, label: "commented", verdict: .intact, boundaries: [11],
      wholeCuts: [bytes.count - 1..<bytes.count])
  }()
}
