// SPDX-License-Identifier: MIT
internal import CLIP
internal import Embeddings
internal import Tensors

/// What is known of a model once its weights are in memory.
struct LoadedModel: Sendable {
    let version: ModelVersion
    let dimension: Int
    /// What multiplies, for people.
    let arithmetic: String
    /// Why something slower than asked for is used.
    let notices: [String]

    init(_ engine: EmbeddingEngine) {
        let transformer = engine.encoder.transformer
        version = engine.modelVersion
        dimension = transformer.configuration.projectionDimension
        arithmetic = transformer.plan.summary
        notices = transformer.plan.notices
    }
}
