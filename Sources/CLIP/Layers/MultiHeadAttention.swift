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
    let kernel: ProductKernel?
    let width: Int
    let headCount: Int
    let tokenCount: Int

    init(
        _ weights: WeightScope, _ configuration: VisionConfiguration, _ plan: ArithmeticPlan
    ) throws(WeightError) {
        width = configuration.width
        queryKeyValue = try Linear(
            stacking: ["q_proj", "k_proj", "v_proj"], of: weights, inputs: width, outputs: width, plan.encoder
        )
        output = try Linear(weights["out_proj"], inputs: width, outputs: width, plan.encoder)
        kernel = plan.attention
        headCount = configuration.headCount
        tokenCount = configuration.tokenCount
    }

    /// Adds the attention of `x` to `residual`, both `[images · tokens, width]`.
    package func callAsFunction(
        _ x: borrowing Matrix, addingTo residual: inout Matrix, scratch: inout AttentionScratch,
        packed: inout PackedRows, team: ThreadTeam
    ) {
        queryKeyValue(x, into: &scratch.queryKeyValue, packed: &packed, team: team)
        attention(
            queries: scratch.queryKeyValue, keysAndValues: scratch.queryKeyValue,
            AttentionShape(tokenCount: tokenCount, queryCount: tokenCount, headCount: headCount),
            kernel: kernel,
            workspace: &scratch.workspace, into: &scratch.context, team: team)
        output(scratch.context, addingTo: &residual, packed: &packed, team: team)
    }

    /// Adds the class tokens' attention to `residual`, `[images, width]`.
    ///
    /// - Parameters:
    ///   - classTokens: The first row of each image in `x`, `[images, width]`.
    ///   - x: All tokens, `[images · tokens, width]`.
    package func callAsFunction(
        ofClassTokens classTokens: borrowing Matrix, in x: borrowing Matrix, addingTo residual: inout Matrix,
        scratch: inout AttentionScratch, packed: inout PackedRows, team: ThreadTeam
    ) {
        queryKeyValue(
            x, outputs: width..<3 * width, into: &scratch.queryKeyValue, firstColumn: width, packed: &packed,
            team: team)
        queryKeyValue(
            classTokens, outputs: 0..<width, into: &scratch.classQueries, firstColumn: 0, packed: &packed,
            team: team)
        attention(
            queries: scratch.classQueries, keysAndValues: scratch.queryKeyValue,
            AttentionShape(tokenCount: tokenCount, queryCount: 1, headCount: headCount), kernel: kernel,
            workspace: &scratch.workspace, into: &scratch.context, team: team)
        output(scratch.context, addingTo: &residual, packed: &packed, team: team)
    }
}
