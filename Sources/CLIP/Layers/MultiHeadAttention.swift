// SPDX-License-Identifier: MIT
package import Tensors

/// Self-attention over all tokens of an image; no mask, every token sees every token.
///
///     scores_h  = softmax(Q_h K_hᵀ / √headWidth)          [tokens, tokens]
///     context_h = scores_h V_h                             [tokens, headWidth]
///     residual += [context_0 … context_{H−1}] W_oᵀ + b_o   [tokens, width]
///
/// Queries, keys and values are one product with the three weights stacked.
///
/// Source: Vaswani et al. 2017, section 3.2; names follow `CLIPAttention` of Hugging Face Transformers.
package struct MultiHeadAttention: Sendable {
    let queryKeyValue: Linear
    let output: Linear
    let headCount: Int
    let tokenCount: Int

    init(_ weights: WeightScope, _ configuration: VisionConfiguration) throws(WeightError) {
        let width = configuration.width
        queryKeyValue = try Linear(
            stacking: ["q_proj", "k_proj", "v_proj"], of: weights, inputs: width, outputs: width)
        output = try Linear(weights["out_proj"], inputs: width, outputs: width)
        headCount = configuration.headCount
        tokenCount = configuration.tokenCount
    }

    /// Adds the attention of `x` to `residual`, both `[images · tokens, width]`.
    package func callAsFunction(
        _ x: borrowing Matrix, addingTo residual: inout Matrix, scratch: inout AttentionScratch,
        team: ThreadTeam
    ) {
        queryKeyValue(x, into: &scratch.queryKeyValue, team: team)
        attention(
            scratch.queryKeyValue, tokenCount: tokenCount, headCount: headCount, scores: &scratch.scores,
            into: &scratch.context, team: team)
        output(scratch.context, addingTo: &residual, team: team)
    }
}
