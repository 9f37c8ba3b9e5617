// SPDX-License-Identifier: Apache-2.0

import Bytes
import Findings
import SignatureScan

extension FileFormat {
  /// Netpbm pictures: bits, greys or colours, as text or as bytes, any maps, and floating-point ones.
  ///
  ///     P1 P2 P3 or P4 P5 P6, blank, width, blank, height[, blank, maximum], one blank, samples
  ///     P7, line end, lines of WIDTH HEIGHT DEPTH MAXVAL TUPLTYPE up to ENDHDR, line end, samples
  ///     PF Pf, blank, width, blank, height, blank, scale, one blank, samples of four bytes
  ///
  /// - Source: Netpbm, *pbm(5)*, *pgm(5)*, *ppm(5)*, *pam(5)*; P. Debevec, *PFM Portable FloatMap*.
  package static let pnm = FileFormat(
    id: "pnm", name: "Netpbm picture", category: .photo,
    extensions: ["pnm", "pbm", "pgm", "ppm", "pam", "pfm"], validation: .size,
    signatures: ["P1", "P2", "P3", "P4", "P5", "P6", "P7", "PF", "Pf"].flatMap { kind in
      ["\n", " ", "\r\n"].map { Signature(Array((kind + $0).utf8), alignment: 512) }
    },
    maximumSize: 0x1_0000_0000,
    resembles: { bytes in
      guard let head = try? bytes.copy(at: 0, count: min(4096, bytes.byteCount)) else {
        return false
      }
      do {
        return try PNMHeader(parsing: head).count > 0
      } catch is Truncated {
        // A long comment.
        return bytes.byteCount >= 512 && head.allSatisfy { $0 >= 0x20 || (9...13).contains($0) }
      } catch {
        return false
      }
    }
  ) { file in
    try Examination.weakWalk(file) {
      let header = try PNMHeader(parsing: file.readPrefix(at: 0, count: 4096))
      var result: Examination
      if header.isText {
        var samples = PNMSamples(file, header)
        let end = try TextEnd(in: file, after: samples.follow())
        result = .whole("pnm", "Netpbm text", end: end.offset, and: end.evidence)
      } else {
        let end = try header.data + header.length
        guard end <= file.range.upperBound else { throw Truncated() }
        result = .whole("pnm", "Netpbm", end: end, and: [.payloadUnchecked])
      }
      result.type = header.type
      return result
    }
  }
}
