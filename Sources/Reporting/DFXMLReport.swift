// SPDX-License-Identifier: Apache-2.0

import Bytes
import Case
import Findings

/// The files of a case as Digital Forensics XML: where each byte is, in the image, the volume, the file.
///
/// - Source: dfxml_schema of the DFXML working group, `dfxml.xsd`; of the elements, the ones of version
///   1.2 that stand in the same order in 1.1.
package struct DFXMLReport {
  private let request: ReportRequest
  private let volumes: [UInt16: VolumeRecord]

  package init(_ request: ReportRequest) throws {
    self.request = request
    volumes = Dictionary(
      try request.record.volumes().map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
  }

  package func render(_ write: ([UInt8]) throws -> Void) throws {
    func put(_ text: String) throws { try write(Array((text + "\n").utf8)) }
    let job = try request.record.job()
    try put(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <dfxml xmlns="http://www.forensicswiki.org/wiki/Category:Digital_Forensics_XML" \
      version="1.2.0">
      <metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\
      <dc:type>Recovered files</dc:type></metadata>
      <creator><program>renflou</program><version>\(XMLText.escaped(request.version))</version>\
      <execution_environment>\(try commandLine())\
      \(job.started.map { "<start_time>\(CivilTime($0).iso)</start_time>" } ?? "")\
      </execution_environment></creator>
      <source><image_filename>\(XMLText.escaped(try request.source()))</image_filename></source>
      """)
    // Files follow their volume, those of none the last one.
    for number in volumes.keys.sorted() {
      guard let volume = volumes[number] else { continue }
      try put(opening(of: volume))
      try files(of: number, put)
      try put("</volume>")
    }
    try files(of: nil, put)
    try put("</dfxml>")
  }

  /// The first command that the log knows.
  private func commandLine() throws -> String {
    let first = try request.record.logLines().first { $0.event == "command" }
    return first.map {
      "<command_line>\(XMLText.escaped(request.pseudonyms.text($0.detail)))</command_line>"
    } ?? ""
  }

  private func opening(of volume: VolumeRecord) -> String {
    let start = volume.start.rawValue
    let cluster = volume.clusterSize.rawValue
    return "<volume offset=\"\(start)\">\n<byte_runs><byte_run img_offset=\"\(start)\" "
      + "len=\"\(volume.length.rawValue)\"/></byte_runs>"
      // The schema knows no offset of zero here.
      + (start > 0 ? "<partition_offset>\(start)</partition_offset>" : "")
      + (cluster > 0 ? "<block_size>\(cluster)</block_size>" : "")
      + "<ftype_str>\(XMLText.escaped(volume.kind))</ftype_str>"
  }

  /// - Parameter volume: nil for what belongs to none.
  private func files(of volume: UInt16?, _ put: (String) throws -> Void) throws {
    var query = request.query
    // A limit is one of all files, which only the volume of a finding divides.
    if query.limit == nil, let volume { query.volume = volume }
    let some = ReportRequest(
      request.record, query: query, language: request.language, made: request.made,
      version: request.version, pseudonyms: request.pseudonyms)
    try some.eachFile(all: true) { file in
      let own = volumes[file.finding.volume].map(\.number)
      if own == volume { try put(object(file)) }
    }
  }

  private func object(_ file: ReportedFile) -> String {
    let finding = file.finding
    let volume = volumes[finding.volume]
    // Names count from the volume's root.
    let path = volume != nil && finding.hasVolumePath ? file.pathInVolume : file.path
    var xml = "<fileobject><filename>\(XMLText.escaped(path))</filename>"
    if finding.volume > 0 { xml += "<partition>\(finding.volume)</partition>" }
    xml += "<id>\(file.id)</id><name_type>\(Self.letter(finding.kind))</name_type>"
    xml += "<filesize>\(finding.size.rawValue)</filesize>"
    xml += "<alloc>\(finding.isDeleted ? 0 : 1)</alloc>"
    let isFAT = volume?.kind.hasPrefix("FAT") ?? false
    func time(_ name: String, _ moment: Timestamp?, _ coarse: Int) {
      guard let moment else { return }
      let isWhole = moment.nanoseconds % 1_000_000_000 == 0
      xml += "<\(name) prec=\"\(isFAT ? coarse : isWhole ? 1 : 0)\">"
      xml += "\(CivilTime(moment).iso)</\(name)>"
    }
    time("mtime", finding.times.modified, 2)
    time("ctime", finding.times.changed, 2)
    time("atime", finding.times.accessed, 86_400)
    time("crtime", finding.times.created, 1)
    xml += runs(finding.content, in: volume)
    if let written = file.written {
      xml += "<hashdigest type=\"sha256\">\(hexadecimal(written.sha256))</hashdigest>"
    }
    return xml + "</fileobject>"
  }

  private func runs(_ content: [Extent], in volume: VolumeRecord?) -> String {
    guard !content.isEmpty else { return "" }
    var position: ByteCount = 0
    var xml = "<byte_runs>"
    for extent in content {
      var run = "file_offset=\"\(position.rawValue)\""
      switch extent.place {
      case .medium(let start): run += places(start, in: volume) + length(extent)
      case .hole: run += " fill=\"0\"" + length(extent)
      case .lost: run += " type=\"lost\"" + length(extent)
      case .bytes: run += " type=\"resident\"" + length(extent)
      case .packed(let piece):
        let stored = piece.stored.reduce(0 as ByteCount) { $0.addingClamped($1.length) }
        run += piece.stored.first.map { places($0.lowerBound, in: volume) } ?? ""
        run += " len=\"\(stored.rawValue)\" uncompressed_len=\"\(extent.count.rawValue)\""
      }
      xml += "<byte_run \(run)/>"
      position = position.addingClamped(extent.count)
    }
    return xml + "</byte_runs>"
  }

  private func length(_ extent: Extent) -> String { " len=\"\(extent.count.rawValue)\"" }

  private func places(_ start: ByteOffset, in volume: VolumeRecord?) -> String {
    var text = " img_offset=\"\(start.rawValue)\""
    if let volume, volume.start <= start {
      text += " fs_offset=\"\((volume.start..<start).length.rawValue)\""
    }
    return text
  }

  private static func letter(_ kind: Finding.Kind) -> String {
    switch kind {
    case .file: "r"
    case .folder: "d"
    case .symbolicLink: "l"
    case .other: "-"
    }
  }
}
