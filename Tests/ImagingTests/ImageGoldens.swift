// SPDX-License-Identifier: MIT
import Crypto
import Foundation
import Testing

/// What `tools/golden/make_image_goldens.py` stored about its pictures.
struct ImageGoldens: Decodable, Sendable {
    /// One picture: SHA-256 in hexadecimal of each stage's bytes as Pillow and transformers make them.
    struct Entry: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let width: Int
        let height: Int
        let decoded: String
        let resized: String
        let cropped: String
        let tensor: String
        let tensor336: String
        let truncations: Truncations

        var testDescription: String { name }

        /// The file itself.
        func file() throws -> [UInt8] { try ImageGoldens.read(name) }

        /// The whole bytes of a stage, where they are stored.
        func bytes(_ stage: String) -> [UInt8]? { try? ImageGoldens.read("\(name).\(stage).bin") }
    }

    /// Lengths to cut the file at, and what Pillow still decodes: length to SHA-256.
    struct Truncations: Decodable, Sendable {
        let lengths: [Int]
        let accepted: [String: String]
    }

    let images: [Entry]

    /// All pictures; none when the fixtures cannot be read, which a test of its own reports.
    static let all: [Entry] =
        (try? JSONDecoder().decode(ImageGoldens.self, from: Data(read("goldens.json"))))?.images ?? []

    static func read(_ name: String) throws -> [UInt8] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
        return [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    static func sha256(_ values: [Float]) -> String {
        sha256(NPYBytes.littleEndian(values))
    }
}

/// Single-precision numbers as bytes.
enum NPYBytes {
    static func littleEndian(_ values: [Float]) -> [UInt8] {
        values.flatMap { value in
            let bits = value.bitPattern
            return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
        }
    }
}
