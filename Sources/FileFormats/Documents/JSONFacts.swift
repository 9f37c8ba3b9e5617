// SPDX-License-Identifier: Apache-2.0

/// What a JSON document is, by the members of its outermost object.
struct JSONFacts {
  private var keys: Set<String> = []
  private var inner: Set<String> = []
  private var current = ""
  private var kind: String?
  private(set) var title: String?
  /// Whether each value stands on a line of its own.
  var isLines = true

  /// A member's name.
  mutating func key(_ name: [UInt32], depth: Int) {
    guard depth <= 2, keys.count < 64, inner.count < 64 else { return }
    let text = XMLFacts.string(name)
    if depth == 1 {
      keys.insert(text)
      current = text
    } else if current == "log" || current == "asset" {
      inner.insert(text)
    }
  }

  /// A text as a member's value.
  mutating func value(_ text: [UInt32], depth: Int) {
    guard depth == 1 else { return }
    switch current {
    case "type": kind = kind ?? XMLFacts.string(text)
    case "title", "name":
      title = title ?? ContentText.trimmed(XMLFacts.string(text))
    default: break
    }
  }

  /// The narrower type.
  var type: String {
    if keys.isSuperset(of: ["nbformat", "cells"]) { return "ipynb" }
    if keys.isSuperset(of: ["version", "sources", "mappings"]) { return "map" }
    if keys.contains("log"), inner.isSuperset(of: ["version", "entries"]) { return "har" }
    if keys.contains("asset"), inner.contains("version"),
      !keys.isDisjoint(with: ["scenes", "meshes", "accessors", "buffers"])
    {
      return "gltf"
    }
    if kind == "FeatureCollection" && keys.contains("features")
      || kind == "Feature" && keys.contains("geometry")
    {
      return "geojson"
    }
    if keys.isSuperset(of: ["start_url", "icons"]) { return "webmanifest" }
    return "json"
  }
}
