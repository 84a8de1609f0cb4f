// SPDX-License-Identifier: MIT
internal import Digests

/// The SHA-256 of a whole file, as 64 lower-case hexadecimal digits.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    /// Exactly 64 digits `0-9a-f`.
    package let hexadecimal: String

    /// Reads a written checksum; upper case is accepted and folded.
    ///
    /// - Throws: `.malformedChecksum` for anything but 64 hexadecimal digits.
    package init(hexadecimal text: String) throws(WeightsFetchError) {
        let digits = text.lowercased()
        guard digits.utf8.count == 64, digits.allSatisfy({ "0123456789abcdef".contains($0) }) else {
            throw .malformedChecksum(text: text)
        }
        hexadecimal = digits
    }

    init(_ digest: SHA256Digest) {
        hexadecimal = digest.hexadecimal
    }

    package var description: String { hexadecimal }
}

extension ContentHash: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(hexadecimal: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hexadecimal)
    }
}
