// SPDX-License-Identifier: MIT
package import Tensors

/// One pre-norm encoder layer.
///
///     x ← x + attention(layerNorm1(x))
///     x ← x + mlp(layerNorm2(x))
///
/// Source: Radford et al. 2021, section 2.4; `CLIPEncoderLayer` of Hugging Face Transformers.
package struct EncoderLayer: Sendable {
    let layerNorm1: LayerNorm
    let attention: MultiHeadAttention
    let layerNorm2: LayerNorm
    let mlp: MLP

    /// Binds the layer to its weights; `weights` ends in `encoder.layers.<index>`.
    init(_ weights: WeightScope, _ configuration: VisionConfiguration) throws(WeightError) {
        layerNorm1 = try LayerNorm(weights["layer_norm1"], width: configuration.width)
        attention = try MultiHeadAttention(weights["self_attn"], configuration)
        layerNorm2 = try LayerNorm(weights["layer_norm2"], width: configuration.width)
        mlp = try MLP(weights["mlp"], configuration)
    }

    /// Applies the layer to the residual stream `x`, `[images · tokens, width]`, in place.
    ///
    /// - Complexity: O(tokens · width² + tokens² · width) an image. Allocates nothing.
    package func callAsFunction(_ x: inout Matrix, scratch: inout EncoderScratch, team: ThreadTeam) {
        layerNorm1(x, into: &scratch.normalized, team: team)
        attention(scratch.normalized, addingTo: &x, scratch: &scratch.attention, team: team)
        layerNorm2(x, into: &scratch.normalized, team: team)
        mlp(scratch.normalized, addingTo: &x, hidden: &scratch.hidden, team: team)
    }
}
