// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Storage

extension Deliver {
  /// Writes all that lies beside `data/`, the declaration last: only then the folder is a bag.
  ///
  /// - Returns: the manifest's SHA-256.
  func writeTagFiles(_ result: DeliveryResult) throws -> [UInt8] {
    let intervention = try record.intervention()
    var tags = TagFiles(in: folder)
    let manifest = plan.files.map { BagText.line("data/" + $0.path, $0.sha256) }.sorted().joined()
    let digest = try tags.write("manifest-sha256.txt", manifest)
    let info = BagText.info(intervention, plan: plan, version: version, now: now)
    try tags.write("bag-info.txt", info)
    try tags.write(ContentsList.name(language), ContentsList(language).text(of: plan))
    for script in VerifyScript.all(language) {
      try tags.write(script.name, isProgram: script.isProgram, script.text)
    }
    var gallery: String?
    if let thumbnailer, !pictures.isEmpty {
      let pages = Gallery(
        files: pictures, folder: folder, language: language, thumbnailer: thumbnailer)
      gallery = pages.name(0)
      try pages.render(check: observer.check) { try tags.write($0, $1) }
    }
    let page = ReadMe(
      result: result, intervention: intervention, language: language, gallery: gallery, made: now)
    try tags.write(ReadMe.name(language), page.html)
    tags.expect(Self.declaration, BagText.declaration)
    let tagManifest = tags.manifest
    try replaceFile(at: folder + "/tagmanifest-sha256.txt") { try $0(Array(tagManifest.utf8)) }
    try tags.write(Self.declaration, BagText.declaration)
    return digest
  }

  private static let declaration = "bagit.txt"
}
