// SPDX-License-Identifier: MIT
import Digests
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
        let tensor336: String?
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
        SHA256.hash(bytes).hexadecimal
    }

    /// Of the values as the little-endian bytes that every supported machine stores.
    static func sha256(_ values: [Float]) -> String {
        // Safe: the bytes are copied while the array lends them.
        sha256(unsafe values.withUnsafeBytes { unsafe [UInt8]($0) })
    }
}
