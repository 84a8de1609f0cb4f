// SPDX-License-Identifier: MIT

/// The non-linearity between the two linear maps of each MLP. Weights do not show which one they
/// were trained with, and the wrong one gives plausible but wrong embeddings.
package enum Activation: String, Sendable, CaseIterable {
    /// x · σ(1.702 x): OpenAI's models.
    case quickGELU = "quick_gelu"
    /// x · Φ(x), exact: most models trained with open_clip.
    case gelu
}
