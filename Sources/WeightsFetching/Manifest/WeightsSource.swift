// SPDX-License-Identifier: MIT

/// One published checkpoint: where it lies, how it is recognised, and what it becomes.
package struct WeightsSource: Codable, Equatable, Sendable {
    /// Short name for `--source`.
    package let name: String
    /// HTTPS address of the checkpoint.
    package let url: String
    /// Exact length in bytes; nil where only an approximate length is known.
    ///
    /// The checksum decides then.
    package let byteCount: Int?
    /// Checksum of the whole file.
    package let sha256: ContentHash
    /// Version string that embeddings of these weights carry.
    package let modelVersion: String
    /// `quick_gelu` or `gelu`.
    package let activation: String
    /// What the publisher says about use.
    package let licence: String
    /// Further files of the same model; the first one is the tokenizer's merges.
    package let companions: [PublishedFile]

    enum CodingKeys: String, CodingKey {
        case name, url, sha256, activation, licence, companions
        case byteCount = "byte_count"
        case modelVersion = "model_version"
    }
}
