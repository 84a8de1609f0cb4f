// SPDX-License-Identifier: MIT
package import Embeddings
internal import Foundation

/// One thing asked of a worker, and who waits for it.
struct EmbeddingRequest<Input: Sendable>: Sendable {
    /// What is asked.
    enum Work: Sendable {
        /// Load the weights if they are not.
        case load
        /// Embed this.
        case embed(Input)
    }

    /// Shared by the requests that one caller made together, so that cancelling it finds all of them.
    let caller: UUID
    let work: Work
    /// Called exactly once: by the worker, by a cancellation that took the request out of the queue, or by a queue
    /// that is full or closed.
    let answer: @Sendable (EmbeddingOutcome) -> Void

    /// Whether something is to be embedded, not only loaded.
    var hasInput: Bool {
        if case .embed = work { true } else { false }
    }
}

/// What comes of a request.
typealias EmbeddingOutcome = Result<EmbeddingAnswer, EmbeddingError>

/// A worker's answer: coordinates (none for a load) and what they cost.
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
        EmbeddingAnswer(
            values: values, modelVersion: modelVersion, preprocessing: preprocessing, tower: tower)
    }

    /// The answer to a load.
    static func loaded(_ modelVersion: ModelVersion) -> EmbeddingAnswer {
        EmbeddingAnswer(values: [], modelVersion: modelVersion, preprocessing: .zero, tower: .zero)
    }
}
