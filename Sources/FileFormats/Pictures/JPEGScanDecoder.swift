// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Decodes one scan unit by unit: not to draw it, but because a code that cannot be, a value out of
/// range or a marker out of place shows where foreign data begin.
///
/// - Source: ITU-T T.81 (1992), annex F (sequential) and annex G (progressive).
struct JPEGScanDecoder {
  /// A component as this scan codes it.
  private struct Channel {
    let index: Int
    let dc: Int
    let ac: Int
    let step: Int
    let horizontal: Int
    let vertical: Int
    var predictor = 0
  }

  private let header: JPEGScanHeader
  private let frame: JPEGFrame
  private let tables: JPEGTables
  private var channels: [Channel] = []
  private var endRun = 0
  /// Units that are decoded.
  private var unit = 0
  private var units: Units
  /// Kept for pictures of one scan, whose rows come one after the other.
  private(set) var rows: JPEGRows?
  private var seam: ByteOffset?
  private let mostBits: Int
  private let highestDC: Int

  /// - Parameter offset: where the scan header stands, for the error.
  init(
    _ header: JPEGScanHeader, frame: JPEGFrame, tables: JPEGTables, at offset: ByteOffset
  ) throws {
    self.header = header
    self.frame = frame
    self.tables = tables
    units = Units(interval: tables.restartInterval)
    mostBits = frame.precision == 8 ? 11 : 15
    // Twice what the transform of the largest samples yields: rounding never gets there.
    highestDC = 2048 << (frame.precision - 8)
    for component in header.components {
      guard let index = frame.components.firstIndex(where: { $0.id == component.id }) else {
        throw Malformed("JPEG", "a scan of an unknown component", at: offset)
      }
      channels.append(
        Channel(
          index: index, dc: component.dc, ac: component.ac,
          step: tables.steps[frame.components[index].table],
          horizontal: frame.components[index].horizontal,
          vertical: frame.components[index].vertical))
    }
    if !frame.isProgressive, channels.count > 1 { rows = JPEGRows(columns: frame.unitColumns) }
    guard Set(channels.map(\.index)).count == channels.count, isPossible, areTablesDefined else {
      throw Malformed("JPEG", "an impossible scan header", at: offset)
    }
  }

  private var isPossible: Bool {
    guard frame.isProgressive else { return true }
    let isDC = header.first == 0 && header.last == 0
    let isAC = header.first > 0 && header.first <= header.last && header.last < 64
    return (isDC || (isAC && channels.count == 1)) && header.low <= 13
  }

  private var areTablesDefined: Bool {
    let needsDC = header.first == 0 && header.high == 0
    let needsAC = !frame.isProgressive || header.first > 0
    return channels.allSatisfy {
      (!needsDC || tables.isDefined[$0.dc]) && (!needsAC || tables.isDefined[$0.ac])
    }
  }

  var isProgressive: Bool { frame.isProgressive }

  /// Decodes the next units of the scan, all of them if no number is given; true behind the last one.
  /// Throws `Malformed` where it breaks and `Truncated` where the bytes end.
  mutating func decode(
    _ reader: inout JPEGBitReader, into coefficients: inout JPEGCoefficients?,
    units most: Int = .max
  ) throws -> Bool {
    if header.first == 0 { for channel in channels { coefficients?.see(channel.index) } }
    guard channels.count == 1, let channel = channels.first else {
      return try decodeInterleaved(&reader, most)
    }
    let component = frame.components[channel.index]
    let columns = component.ownColumns
    let count = columns * component.ownRows
    var bits = coefficients?.take(channel.index) ?? []
    defer { coefficients?.put(bits, channel.index) }
    let stop = unit + min(most, count - unit)
    var (row, column) = columns > 0 ? (unit / columns, unit % columns) : (0, 0)
    while unit < stop {
      if let number = units.next() { try restart(&reader, number) }
      try block(&reader, channel: 0, &bits, at: row * component.columns + column)
      column += 1
      if column == columns { (row, column) = (row + 1, 0) }
      unit += 1
    }
    return unit == count
  }

  /// Scans of several components: sequential, or the DC coefficients of progressive pictures.
  private mutating func decodeInterleaved(
    _ reader: inout JPEGBitReader, _ most: Int
  ) throws -> Bool {
    var none: [UInt64] = []
    let counts = channels.map { $0.horizontal * $0.vertical }
    let count = frame.unitColumns * frame.unitRows
    let stop = unit + min(most, count - unit)
    while unit < stop {
      if let number = units.next() { try restart(&reader, number) }
      for index in channels.indices {
        for _ in 0..<counts[index] { try block(&reader, channel: index, &none, at: 0) }
      }
      if rows != nil { see(reader) }
      unit += 1
    }
    return unit == count
  }

  /// Notes the brightness of the unit that was decoded.
  private mutating func see(_ reader: JPEGBitReader) {
    guard let channel = channels.first else { return }
    if let place = seam, reader.position >= place {
      rows?.takeUp()
      seam = nil
    }
    rows?.add(channel.predictor * channel.step)
    if rows?.isMarked ?? false { rows?.mark(at: reader.position) }
  }

  /// From `place` in the file on, what follows is compared with what came before.
  mutating func compare(from place: ByteOffset) { seam = place }

  private mutating func restart(_ reader: inout JPEGBitReader, _ number: UInt8) throws {
    try reader.restart(number)
    endRun = 0
    for index in channels.indices { channels[index].predictor = 0 }
  }

  @inline(__always)
  private mutating func block(
    _ reader: inout JPEGBitReader, channel: Int, _ bits: inout [UInt64], at place: Int
  ) throws {
    if !frame.isProgressive {
      try dc(&reader, channel)
      try ac(&reader, channels[channel].ac)
    } else if header.first == 0 {
      try reader.fill()
      if header.high > 0 { _ = reader.take(1) } else { try dc(&reader, channel) }
    } else if header.high == 0 {
      try firstAC(&reader, channels[channel].ac, &bits[place])
    } else {
      try refineAC(&reader, channels[channel].ac, &bits[place])
    }
    if reader.isOverdrawn { throw reader.overdrawn() }
  }

  @inline(__always)
  private mutating func dc(_ reader: inout JPEGBitReader, _ channel: Int) throws {
    try reader.fill()
    let size = try reader.symbol(tables, slot: channels[channel].dc)
    guard size <= mostBits else { throw broken(reader, "a value out of range") }
    if size == 0 { return }
    let raw = reader.take(size)
    let value = raw < 1 << (size - 1) ? raw - (1 << size) + 1 : raw
    let sum = channels[channel].predictor + value
    channels[channel].predictor = sum
    let step = channels[channel].step
    let low = frame.isProgressive ? header.low : 0
    guard abs(sum << low) * step <= highestDC + step << low || reader.isOverdrawn else {
      throw broken(reader, "a brightness out of range")
    }
  }

  @inline(__always)
  private func ac(_ reader: inout JPEGBitReader, _ slot: Int) throws {
    var index = 1
    while index < 64 {
      try reader.fill()
      let symbol = try reader.symbol(tables, slot: slot)
      let size = symbol & 15
      if size == 0 {
        if symbol != 0xF0 { return }
        index += 16
        continue
      }
      index += symbol >> 4 + 1
      guard index <= 64, size < mostBits else { throw broken(reader, "a block overflows") }
      _ = reader.take(size)
    }
    if index > 64 { throw broken(reader, "a block overflows") }
  }

  private mutating func firstAC(
    _ reader: inout JPEGBitReader, _ slot: Int, _ nonzero: inout UInt64
  ) throws {
    if endRun > 0 {
      endRun -= 1
      return
    }
    var index = header.first
    while index <= header.last {
      try reader.fill()
      let symbol = try reader.symbol(tables, slot: slot)
      let run = symbol >> 4
      let size = symbol & 15
      if size == 0 {
        if run < 15 {
          endRun = 1 << run + reader.take(run) - 1
          return
        }
        index += 16
        continue
      }
      index += run
      guard index <= header.last, size < mostBits else { throw broken(reader, "a block overflows") }
      _ = reader.take(size)
      nonzero |= 1 << UInt64(index)
      index += 1
    }
    if index > header.last + 1 { throw broken(reader, "a block overflows") }
  }

  private mutating func refineAC(
    _ reader: inout JPEGBitReader, _ slot: Int, _ nonzero: inout UInt64
  ) throws {
    var index = header.first
    while endRun == 0, index <= header.last {
      try reader.fill()
      let symbol = try reader.symbol(tables, slot: slot)
      var run = symbol >> 4
      let size = symbol & 15
      guard size <= 1 else { throw broken(reader, "a value out of range") }
      if size == 0, run < 15 {
        endRun = 1 << run + reader.take(run)
        break
      }
      if size == 1 { _ = reader.take(1) }
      try pass(&run, &index, &reader, nonzero)
      if size == 1 {
        guard index <= header.last else { throw broken(reader, "a block overflows") }
        nonzero |= 1 << UInt64(index)
      }
      index += 1
    }
    if endRun > 0 {
      var all = 64
      try pass(&all, &index, &reader, nonzero)
      endRun -= 1
    }
  }

  /// Moves on over `run` coefficients that are still zero, taking a bit for each that is not.
  private func pass(
    _ run: inout Int, _ index: inout Int, _ reader: inout JPEGBitReader, _ nonzero: UInt64
  ) throws {
    while index <= header.last {
      if nonzero >> UInt64(index) & 1 == 1 {
        try reader.fill()
        _ = reader.take(1)
      } else {
        if run == 0 { return }
        run -= 1
      }
      index += 1
    }
  }

  private func broken(_ reader: JPEGBitReader, _ problem: String) -> any Error {
    reader.isOverdrawn
      ? reader.overdrawn() : Malformed("JPEG", problem, at: reader.position)
  }

  /// Counts units, and says which restart marker stands before the next one.
  private struct Units {
    let interval: Int
    private var left: Int
    private var number: UInt8 = 0

    init(interval: Int) {
      self.interval = interval
      left = interval
    }

    mutating func next() -> UInt8? {
      guard interval > 0 else { return nil }
      if left > 0 {
        left -= 1
        return nil
      }
      left = interval - 1
      defer { number = (number + 1) & 7 }
      return number
    }
  }
}
