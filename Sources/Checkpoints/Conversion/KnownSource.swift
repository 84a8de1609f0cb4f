// SPDX-License-Identifier: MIT

/// A published weights file that is recognised by its SHA-256.
///
/// Only these get the published model version. Kept equal to weights/manifest.json by a test.
package struct KnownSource: Sendable, Equatable {
    package let sha256: String
    package let source: String
    package let modelVersion: String
    package let activation: Activation

    /// All known files.
    package static let all = [
        KnownSource(
            sha256: "a63082132ba4f97a80bea76823f544493bffa8082296d62d71581a4feff1576f",
            source: "huggingface.co/openai/clip-vit-base-patch32 pytorch_model.bin",
            modelVersion: "clip-ViT-B-32-v1", activation: .quickGELU),
        KnownSource(
            sha256: "40d365715913c9da98579312b702a82c18be219cc2a73407c4526f58eba950af",
            source: "openaipublic.azureedge.net ViT-B-32.pt",
            modelVersion: "clip-ViT-B-32-v1", activation: .quickGELU),
    ]

    /// The known file with this hash.
    package static func with(sha256: String) -> KnownSource? {
        all.first { $0.sha256 == sha256 }
    }
}
