// SPDX-License-Identifier: MIT

/// The 32 bytes of a SHA-256, or of a code made with it.
package struct SHA256Digest: Sendable, Hashable {
    package static let byteCount = 32

    package let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// 64 lower-case hexadecimal digits.
    package var hexadecimal: String { hexadecimal(prefix: Self.byteCount) }

    /// The first bytes as lower-case hexadecimal digits.
    package func hexadecimal(prefix count: Int) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.prefix(count).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
    }

    /// Whether two are the same, in a time that does not tell where they differ.
    package static func == (a: SHA256Digest, b: SHA256Digest) -> Bool {
        var difference: UInt8 = 0
        for index in 0..<min(a.bytes.count, b.bytes.count) { difference |= a.bytes[index] ^ b.bytes[index] }
        return difference == 0 && a.bytes.count == b.bytes.count
    }
}
