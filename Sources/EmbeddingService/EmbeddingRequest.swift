// SPDX-License-Identifier: MIT
package import Embeddings
internal import Foundation

/// One thing asked of the worker, and who waits for it.
struct EmbeddingRequest: Sendable {
    /// What is asked.
    enum Work: Sendable {
        /// Load the weights if they are not.
        case load
        /// Embed the image in these bytes.
        case image([UInt8])
    }

    /// Resumed exactly once: by the worker, by a cancellation that took the request out of the queue, or by closing.
    typealias Answer = CheckedContinuation<Result<EmbeddingAnswer, EmbeddingError>, Never>

    let id: UUID
    let work: Work
    let answer: Answer
}

/// The worker's answer: coordinates (none for a load) and what they cost.
package struct EmbeddingAnswer: Sendable {
    /// The raw projection.
    package let values: [Float]
    /// The weights that made it.
    package let modelVersion: ModelVersion
    /// Decoding, resizing and normalising this image.
    package let preprocessing: Duration
    /// This image's share of its batch in the model.
    package let tower: Duration
}

extension EmbeddingAnswer {
    /// The same answer with other coordinates.
    package func withValues(_ values: [Float]) -> EmbeddingAnswer {
        EmbeddingAnswer(values: values, modelVersion: modelVersion, preprocessing: preprocessing, tower: tower)
    }
}
