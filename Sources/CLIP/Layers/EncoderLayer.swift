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
    init(
        _ weights: WeightScope, _ configuration: some EncoderConfiguration, _ plan: ArithmeticPlan
    ) throws(WeightError) {
        let width = configuration.width
        let scales = plan.precision != .fp32 ? LayerScales(try Self.sources(weights, configuration)) : nil
        if let scales { weights.prepare(scales) }
        layerNorm1 = try LayerNorm(
            weights["layer_norm1"], width: width, factors: scales.map { .inverse($0, .queryKeyInput) })
        attention = try MultiHeadAttention(weights["self_attn"], configuration, plan, scales: scales)
        let eight = plan.precision == .int8 ? scales : nil
        layerNorm2 = try LayerNorm(
            weights["layer_norm2"], width: width, factors: eight.map { .inverse($0, .mlpInput) })
        mlp = try MLP(weights["mlp"], configuration, plan.encoder, scales: eight)
    }

    /// The tensors that the scales of integers are predicted from.
    private static func sources(
        _ weights: WeightScope, _ configuration: some EncoderConfiguration
    ) throws(WeightError) -> LayerScales.Sources {
        let (width, mlpWidth) = (configuration.width, configuration.mlpWidth)
        let (norm1, norm2) = (weights["layer_norm1"], weights["layer_norm2"])
        let (value, expansion) = (weights["self_attn"]["v_proj"], weights["mlp"]["fc1"])
        return LayerScales.Sources(
            norm1: (try norm1.tensor("weight", width), try norm1.tensor("bias", width)),
            queriesAndKeys: [
                try weights["self_attn"]["q_proj"].tensor("weight", width, width),
                try weights["self_attn"]["k_proj"].tensor("weight", width, width),
            ],
            value: (try value.tensor("weight", width, width), try value.tensor("bias", width)),
            output: try weights["self_attn"]["out_proj"].tensor("weight", width, width),
            norm2: (try norm2.tensor("weight", width), try norm2.tensor("bias", width)),
            expansion: (
                try expansion.tensor("weight", mlpWidth, width), try expansion.tensor("bias", mlpWidth)
            ),
            contraction: try weights["mlp"]["fc2"].tensor("weight", width, mlpWidth))
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
