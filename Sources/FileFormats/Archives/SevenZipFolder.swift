// SPDX-License-Identifier: Apache-2.0

import Bytes
import Compression

/// A folder of a 7z archive: packed streams and the coders that make one stream of them.
///
///     number of coders; each: u8 size of its id (0-3), has streams (4), has properties (5); id;
///     [inputs, outputs] [size, properties]; then pairs of inputs and outputs, and the inputs that
///     are packed streams, where there are several
///
/// - Source: I. Pavlov, *7z Format description*, "Folder"; *Methods.txt*.
struct SevenZipFolder {
  private struct Coder {
    let id: UInt64
    let properties: [UInt8]
    let inputs: Int
    let outputs: Int
  }

  let firstStream: Int
  let streamCount: Int
  let outputCount: Int
  private let coders: [Coder]
  /// The output that no coder takes: the folder's.
  private let lastOutput: Int
  /// The coder that takes the packed stream; nil where streams branch.
  private let firstCoder: Int?
  /// The size of each output.
  var sizes: [UInt64] = []
  var crc: UInt32?

  private static let mostCoders = 32
  private static let mostOutput: UInt64 = 1 << 42

  init(_ reader: inout SevenZipReader, firstStream: Int) throws {
    self.firstStream = firstStream
    var coders: [Coder] = []
    let count = try reader.count()
    guard (1...Self.mostCoders).contains(count) else { throw Malformed("7z", "no coders") }
    for _ in 0..<count { coders.append(try Self.coder(&reader)) }
    self.coders = coders
    let inputs = coders.reduce(0) { $0 + $1.inputs }
    let outputs = coders.reduce(0) { $0 + $1.outputs }
    guard outputs >= 1, inputs >= outputs - 1 else { throw Malformed("7z", "coders without input") }
    var boundInputs = Set<UInt64>()
    var boundOutputs = Set<UInt64>()
    for _ in 1..<max(outputs, 1) {
      boundInputs.insert(try reader.number())
      boundOutputs.insert(try reader.number())
    }
    streamCount = inputs - (outputs - 1)
    if streamCount > 1 { for _ in 0..<streamCount { _ = try reader.number() } }
    outputCount = outputs
    lastOutput = (0..<outputs).first { !boundOutputs.contains(UInt64($0)) } ?? 0
    let isChain = coders.allSatisfy { $0.inputs == 1 && $0.outputs == 1 }
    firstCoder = isChain ? (0..<inputs).first { !boundInputs.contains(UInt64($0)) } : nil
  }

  private static func coder(_ reader: inout SevenZipReader) throws -> Coder {
    let flags = try reader.byte()
    let id = try reader.copy(Int(flags & 15)).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    let inputs = flags & 0x10 != 0 ? try reader.count() : 1
    let outputs = flags & 0x10 != 0 ? try reader.count() : 1
    guard inputs <= mostCoders, outputs <= mostCoders, flags & 0xC0 == 0 else {
      throw Malformed("7z", "a coder with too many streams")
    }
    let properties = flags & 0x20 != 0 ? try reader.copy(reader.count()) : []
    return Coder(id: id, properties: properties, inputs: inputs, outputs: outputs)
  }

  /// How much comes out of the folder.
  var unpackSize: UInt64 { size(lastOutput) }

  /// How much comes out of the coder that takes the packed stream: before filters, if there are any
  /// that are not undone.
  var packedFormSize: UInt64 { size(isPlain ? lastOutput : firstCoder ?? lastOutput) }

  /// Whether all that its coders did is undone, so that the checksum is that of the output.
  var isPlain: Bool { coders.count == 1 || isCode }

  /// Whether it is x86 code, put right for packing, in LZMA or LZMA2.
  private var isCode: Bool {
    guard let firstCoder, coders.count == 2 else { return false }
    let filter = coders[1 - firstCoder]
    return filter.id == Method.code && filter.properties.isEmpty
      && [Method.lzma, Method.lzma2].contains(coders[firstCoder].id)
      && size(firstCoder) == unpackSize
  }

  private enum Method {
    static let copy: UInt64 = 0
    static let lzma2: UInt64 = 0x21
    static let lzma: UInt64 = 0x03_0101
    static let code: UInt64 = 0x0303_0103
    static let deflate: UInt64 = 0x04_0108
    static let bzip2: UInt64 = 0x04_0202
    static let zstandard: UInt64 = 0x04F7_1101
  }

  private func size(_ output: Int) -> UInt64 { output < sizes.count ? sizes[output] : 0 }

  /// Runs the coder that takes the packed stream; nil where it is none that we have.
  func decode(_ file: Source, in place: Range<ByteOffset>, collect: Int) throws -> Decoding? {
    guard let firstCoder, packedFormSize <= Self.mostOutput else { return nil }
    let coder = coders[firstCoder]
    let packed = try file.slice(place)
    let limit = packedFormSize
    let decoding: Decoding
    switch coder.id {
    case Method.copy: decoding = try .stored(packed, collect: collect)
    case Method.lzma:
      let properties = try coder.properties.little(UInt8.self, at: 0)
      let window = try coder.properties.little(UInt32.self, at: 1)
      decoding = try .lzma(
        packed, from: 0,
        wrapper: isCode
          ? .lzmaCode(properties: properties, window: window, size: limit)
          : .lzma(properties: properties, window: window, size: limit), collect: collect,
        sums: true, limit: limit)
    case Method.lzma2:
      guard let window = Self.window(coder.properties) else { return nil }
      decoding = try .lzma(
        packed, from: 0, wrapper: .lzma2(window: window, isCode: isCode), collect: collect,
        sums: true,
        limit: limit)
    case Method.deflate: decoding = try .inflate(packed, from: 0, collect: collect, limit: limit)
    case Method.bzip2:
      decoding = try .bzip2(packed, from: 0, collect: collect, sums: true, limit: limit)
    case Method.zstandard:
      decoding = try .zstandard(packed, from: 0, collect: collect, sums: true, limit: limit)
    default: return nil
    }
    // Several streams end to end are one of these coders' habits, and not followed here.
    let isOne = decoding.consumed == place.length || decoding.end != .complete
    return decoding.end == .notHandled || !isOne ? nil : decoding
  }

  /// The window of LZMA2: a power of two, or one and a half.
  private static func window(_ properties: [UInt8]) -> UInt32? {
    guard let bits = properties.first, bits < 40 else { return nil }
    return (2 | UInt32(bits & 1)) << (UInt32(bits) / 2 + 11)
  }
}
