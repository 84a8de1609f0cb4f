// SPDX-License-Identifier: MIT

/// What kind of stand-in weights to make.
package enum StandInProfile: String, CaseIterable, Sendable {
    /// Random, but looks survive: pictures alike in colour and layout get embeddings alike.
    case plain
    /// The habits of trained transformers, hard on an engine's arithmetic: a few residual channels 20 to
    /// 100 times louder than the others, peaked attention, LayerNorm gains from 0.1 to 5.
    case trainedLike = "trained-like"

    /// Version under which vectors of these weights are stored.
    package var modelVersion: String {
        switch self {
        case .plain: "stand-in-ViT-B-32-v1"
        case .trainedLike: "stand-in-trained-like-v1"
        }
    }
}
