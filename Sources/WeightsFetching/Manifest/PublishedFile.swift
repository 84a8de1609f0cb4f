// SPDX-License-Identifier: MIT

/// A small file that a checkpoint needs beside its tensors, for example the tokenizer's merges.
package struct PublishedFile: Codable, Equatable, Sendable {
    /// Name by which a mirror keeps it next to the checkpoint.
    package let name: String
    /// Where the publisher keeps it.
    package let url: String
    /// Exact length in bytes; nil where the publisher states none.
    package let byteCount: Int?
    /// Checksum of the whole file.
    package let sha256: ContentHash

    enum CodingKeys: String, CodingKey {
        case name, url, sha256
        case byteCount = "byte_count"
    }
}
