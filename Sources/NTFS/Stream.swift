// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings

/// A file's data, or another stream of it with a name of its own.
struct Stream: Sendable {
  /// Empty for the file's data.
  let name: RawUTF16
  let content: [Extent]
  /// What of its place is not known: part of the list of its runs stood in a record that is gone. Zero
  /// bytes where the beginning is gone, and the size with it.
  let unmapped: ByteCount?
  let isEncrypted: Bool

  /// The same streams, with the data of a file that the system keeps compressed in place of both its
  /// hole and what is compressed; nil where that fails.
  ///
  /// - Parameter room: how many more compressed pieces the volume may have.
  static func unpacked(
    _ streams: [Stream], _ compression: SystemCompression, in source: Source, room: inout UInt64
  ) -> [Stream]? {
    guard let data = streams.first(where: \.name.isEmpty),
      let packed = streams.first(where: { $0.name == SystemCompression.streamName }),
      let content = compression.extents(
        of: packed.content, size: data.content.length, in: source, room: &room)
    else { return nil }
    let lost = content.filter { $0.place == .lost }.length
    let whole = Stream(
      name: data.name, content: content, unmapped: lost > 0 ? lost : nil,
      isEncrypted: data.isEncrypted || packed.isEncrypted)
    return [whole] + streams.filter { !$0.name.isEmpty && $0.name != packed.name }
  }

  /// The streams that attributes describe, the unnamed one first, then by name.
  static func all(in attributes: [Attribute], _ geometry: Geometry, _ source: Source) -> [Stream] {
    let data = Dictionary(grouping: attributes.filter { $0.type == .data }, by: \.name)
    let sorted = data.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
    return sorted.prefix(4096).map { name, parts in
      let (content, unmapped) = content(parts, geometry, source)
      return Stream(
        name: name, content: content, unmapped: unmapped,
        isEncrypted: parts.contains(where: \.isEncrypted))
    }
  }

  private static func content(
    _ parts: [Attribute], _ geometry: Geometry, _ source: Source
  ) -> ([Extent], unmapped: ByteCount?) {
    for part in parts {
      if case .resident(let value) = part.form {
        return (value.isEmpty ? [] : [Extent(bytes: value)], nil)
      }
    }
    let mapped = parts.compactMap { attribute in
      if case .mapped(let mapping) = attribute.form { (attribute, mapping) } else { nil }
    }
    guard let value = MappedValue(mapped) else {
      // Parts of a stream whose beginning is gone, and its size with it.
      return ([Extent(.lost, count: 0)], unmapped: 0)
    }
    let content = value.extents(geometry, in: source)
    let lost = content.filter { $0.place == .lost }.length
    let isCut = lost > 0 && !value.reachesBeyond(source, geometry)
    return (content, unmapped: isCut ? lost : nil)
  }
}
