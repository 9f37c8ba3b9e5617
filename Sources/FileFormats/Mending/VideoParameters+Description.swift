// SPDX-License-Identifier: Apache-2.0

import Bytes

extension VideoParameters {
  /// Reads a box `stsd`; nil for other codecs, or where units have lengths of other than four bytes.
  ///
  /// - Source: ISO/IEC 14496-15:2022, §5.3.3 `avcC`, §8.3.3 `hvcC`.
  init?(description: [UInt8]) {
    let file = Source(bytes: description)
    var window = Window(file, span: 4096)
    do {
      let entry = try ISOBox(&window, at: 16)
      let boxes = try entry.children(&window, skipping: 78)
      if ["avc1", "avc3"].contains(entry.type), let box = boxes.first(where: { $0.type == "avcC" })
      {
        guard try window.byte(at: box.content + 4) & 3 == 3 else { return nil }
        self.init(.h264)
        var place = try box.content + 5
        for mask: UInt8 in [0x1F, 0xFF] {
          let count = try window.byte(at: place) & mask
          place = try place + 1
          for _ in 0..<count { try takeUnit(&window, &place) }
        }
      } else if ["hvc1", "hev1"].contains(entry.type),
        let box = boxes.first(where: { $0.type == "hvcC" })
      {
        guard try window.byte(at: box.content + 21) & 3 == 3 else { return nil }
        self.init(.h265)
        var place = try box.content + 23
        for _ in 0..<(try window.byte(at: box.content + 22)) {
          let count = try window.big(UInt16.self, at: place + 1)
          place = try place + 3
          for _ in 0..<min(count, 64) { try takeUnit(&window, &place) }
        }
      } else {
        return nil
      }
    } catch {
      return nil
    }
    guard isComplete else { return nil }
  }

  private mutating func takeUnit(_ window: inout Window, _ place: inout ByteOffset) throws {
    let length = Int(try window.big(UInt16.self, at: place))
    place = try place + 2
    _ = take(try window.copy(at: place, count: length))
    place = try place + ByteCount(clamping: length)
  }

  /// A box `stsd` that describes such a video; nil where parameters lack.
  var description: [UInt8]? {
    guard isComplete, let configuration else { return nil }
    let (width, height) = size
    var out = BoxWriter()
    out.full("stsd") {
      $0.put(UInt32(1))
      $0.box(codec == .h264 ? "avc1" : "hvc1") {
        $0.put(zeros: 6)
        $0.put(UInt16(1))
        $0.put(zeros: 16)
        $0.put(UInt16(clamping: width))
        $0.put(UInt16(clamping: height))
        $0.put(UInt32(0x48_0000))
        $0.put(UInt32(0x48_0000))
        $0.put(zeros: 4)
        $0.put(UInt16(1))
        $0.put(zeros: 32)
        $0.put(UInt16(24))
        $0.put(UInt16(0xFFFF))
        $0.box(codec == .h264 ? "avcC" : "hvcC") { $0.put(configuration) }
      }
    }
    return out.bytes
  }

  private var configuration: [UInt8]? {
    func units(of type: UInt8) -> [[UInt8]] {
      self.units.filter { $0.first.map { self.type(of: $0) } == type }
    }
    var out = BoxWriter()
    func put(_ list: [[UInt8]]) {
      for unit in list {
        out.put(UInt16(clamping: unit.count))
        out.put(unit)
      }
    }
    if codec == .h264 {
      let sequences = Array(units(of: 7).prefix(31))
      guard let first = sequences.first, first.count >= 4 else { return nil }
      out.put([1] + first[1...3] + [0xFF, 0xE0 | UInt8(sequences.count)])
      put(sequences)
      let pictures = Array(units(of: 8).prefix(255))
      out.put(UInt8(pictures.count))
      put(pictures)
      return out.bytes
    }
    guard let sequence = hevcSequence, sequence.depths.count == 2 else { return nil }
    out.put([1] + sequence.profile)
    out.put([0xF0, 0, 0xFC, 0xFC | UInt8(sequence.chroma)])
    out.put([0xF8 | sequence.depths[0] & 7, 0xF8 | sequence.depths[1] & 7, 0, 0])
    out.put(sequence.layers | 3)
    let arrays = [UInt8(32), 33, 34].map { ($0, units(of: $0)) }.filter { !$0.1.isEmpty }
    out.put(UInt8(arrays.count))
    for (type, list) in arrays {
      out.put([0x80 | type])
      out.put(UInt16(clamping: list.count))
      put(list)
    }
    return out.bytes
  }
}
