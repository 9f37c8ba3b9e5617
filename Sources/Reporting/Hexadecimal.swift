// SPDX-License-Identifier: Apache-2.0

/// Bytes as two lower-case digits each, as sums of files are written.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
