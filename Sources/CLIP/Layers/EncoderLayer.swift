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
    ///
    /// `rounding` is nil in single precision.
    init(
        _ weights: WeightScope, _ configuration: some EncoderConfiguration, _ plan: ArithmeticPlan,
        _ rounding: LayerRounding? = nil
    ) throws(WeightError) {
        let width = configuration.width
        let scales = rounding?.scales
        let projections = AttentionProjections(configuration, sharpHeads: rounding?.sharpHeads ?? [])
        layerNorm1 = try LayerNorm(
            weights["layer_norm1"], width: width,
            factors: scales.map { ($0.sharpInput.isEmpty ? $0.input : $0.sharpInput).inverted })
        attention = try MultiHeadAttention(
            weights["self_attn"], configuration, plan, projections, scales: scales)
        layerNorm2 = try LayerNorm(
            weights["layer_norm2"], width: width, factors: scales.map { $0.mlpInput.inverted })
        mlp = try MLP(weights["mlp"], configuration, plan.encoder, scales: scales)
    }

    /// Applies the layer to the residual stream `x`, `[images · tokens, width]`, in place.
    ///
    /// - Complexity: O(tokens · width² + tokens² · width) an image. Allocates nothing.
    package func callAsFunction(_ x: inout Matrix, scratch: inout EncoderScratch, team: ThreadTeam) {
        layerNorm1(x, into: &scratch.normalized, team: team)
        attention(
            scratch.normalized, addingTo: &x, scratch: &scratch.attention, rounded: &scratch.rounded,
            team: team
        )
        layerNorm2(x, into: &scratch.normalized, team: team)
        mlp(scratch.normalized, addingTo: &x, hidden: &scratch.hidden, rounded: &scratch.rounded, team: team)
    }

    /// Applies the layer to the class tokens alone, which is all that is read after the last layer.
    ///
    /// Keys and values still come from all tokens; everything else is computed for one token in fifty, which saves
    /// three quarters of the layer.
    ///
    /// `x` is the residual stream before the layer, `[images · tokens, width]`; `classTokens` is written,
    /// `[images, width]`.
    package func callAsFunction(
        _ x: borrowing Matrix, classTokensInto classTokens: inout Matrix, scratch: inout EncoderScratch,
        team: ThreadTeam
    ) {
        gatherRows(x, every: attention.tokenCount, into: &classTokens)
        layerNorm1(x, into: &scratch.normalized, team: team)
        gatherRows(scratch.normalized, every: attention.tokenCount, into: &scratch.classTokens)
        attention(
            ofClassTokens: scratch.classTokens, in: scratch.normalized, addingTo: &classTokens,
            scratch: &scratch.attention, rounded: &scratch.rounded, team: team)
        layerNorm2(classTokens, into: &scratch.classTokens, team: team)
        mlp(
            scratch.classTokens, addingTo: &classTokens, hidden: &scratch.hidden, rounded: &scratch.rounded,
            team: team)
    }
}
