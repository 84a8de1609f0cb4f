// SPDX-License-Identifier: MIT
package import Tensors

/// Self-attention over all tokens of an image; no mask, every token sees every token.
///
///     scores_h  = softmax(Q_h K_hᵀ / √headWidth)          [tokens, tokens]
///     context_h = scores_h V_h                             [tokens, headWidth]
///     residual += [context_0 … context_{H−1}] W_oᵀ + b_o   [tokens, width]
///
/// Queries, keys and values are one product with the three weights stacked, or two where queries and keys are rounded
/// less than values.
///
/// Source: Vaswani et al. 2017, section 3.2; names follow `CLIPAttention` of Hugging Face Transformers.
package struct MultiHeadAttention: Sendable {
    /// Maps of the input to columns of queries, keys and values side by side.
    let projections: [(map: Linear, columns: Range<Int>)]
    let output: Linear
    let backend: AttentionBackend
    let width: Int
    let headCount: Int
    let tokenCount: Int

    init(
        _ weights: WeightScope, _ configuration: some EncoderConfiguration, _ plan: ArithmeticPlan,
        scales: LayerScales?
    ) throws(WeightError) {
        let width = configuration.width
        let input = scales.map { ChannelFactors.scales($0, .queryKeyInput) }
        // In 8 bits values have scales of their own; everything after them would only lose time in bfloat16.
        let eight = plan.precision == .int8 ? scales : nil
        if plan.encoder == plan.queriesAndKeys {
            let all = try Linear(
                stacking: ["q_proj", "k_proj", "v_proj"], of: weights, inputs: width, outputs: width,
                plan.encoder)
            projections = [(all, 0..<3 * width)]
        } else {
            let queriesAndKeys = try Linear(
                stacking: ["q_proj", "k_proj"], of: weights, inputs: width, outputs: width,
                plan.queriesAndKeys,
                inputFactors: input)
            let values = try Linear(
                weights["v_proj"], inputs: width, outputs: width, plan.encoder,
                inputFactors: eight.map { .scales($0, .valueInput) } ?? input,
                outputFactors: eight.map { .inverse($0, .values) },
                dividing: eight.map { .exchange($0, .queryKeyInput, for: .valueInput) })
            projections = [(queriesAndKeys, 0..<2 * width), (values, 2 * width..<3 * width)]
        }
        output = try Linear(
            weights["out_proj"], inputs: width, outputs: width, plan.encoder,
            inputFactors: eight.map { .scales($0, .values) })
        backend = plan.attention
        headCount = configuration.headCount
        tokenCount = configuration.tokenCount
        self.width = width
    }

    /// Sizes of the maps to queries, keys and values, for the arena.
    static func projectionMaps(
        width: Int, _ plan: ArithmeticPlan
    ) -> [(outputs: Int, inputs: Int, kernel: ProductKernel?)] {
        plan.encoder == plan.queriesAndKeys
            ? [(3 * width, width, plan.encoder)]
            : [(2 * width, width, plan.queriesAndKeys), (width, width, plan.encoder)]
    }

    /// Adds the attention of `x` to `residual`, both `[images · tokens, width]`.
    package func callAsFunction(
        _ x: borrowing Matrix, addingTo residual: inout Matrix, scratch: inout AttentionScratch,
        rounded: inout RoundedRows, team: ThreadTeam
    ) {
        project(x, 0..<3 * width, into: &scratch.queryKeyValue, rounded: &rounded, team: team)
        attention(
            queries: scratch.queryKeyValue, keysAndValues: scratch.queryKeyValue,
            AttentionShape(tokenCount: tokenCount, queryCount: tokenCount, headCount: headCount),
            backend: backend,
            workspace: &scratch.workspace, into: &scratch.context, team: team)
        output(scratch.context, addingTo: &residual, rounded: &rounded, team: team)
    }

    /// Adds the class tokens' attention to `residual`, `[images, width]`.
    ///
    /// `classTokens` are the first row of each image in `x`, `[images, width]`; `x` are all tokens,
    /// `[images · tokens, width]`.
    package func callAsFunction(
        ofClassTokens classTokens: borrowing Matrix, in x: borrowing Matrix, addingTo residual: inout Matrix,
        scratch: inout AttentionScratch, rounded: inout RoundedRows, team: ThreadTeam
    ) {
        project(x, width..<3 * width, into: &scratch.queryKeyValue, rounded: &rounded, team: team)
        project(classTokens, 0..<width, into: &scratch.classQueries, rounded: &rounded, team: team)
        attention(
            queries: scratch.classQueries, keysAndValues: scratch.queryKeyValue,
            AttentionShape(tokenCount: tokenCount, queryCount: 1, headCount: headCount), backend: backend,
            workspace: &scratch.workspace, into: &scratch.context, team: team)
        output(scratch.context, addingTo: &residual, rounded: &rounded, team: team)
    }

    /// Computes `columns` of queries, keys and values, each into its own column of `y`.
    func project(
        _ x: borrowing Matrix, _ columns: Range<Int>, into y: inout Matrix, rounded: inout RoundedRows,
        team: ThreadTeam
    ) {
        for (map, place) in projections {
            let wanted = place.clamped(to: columns)
            guard !wanted.isEmpty else { continue }
            let outputs = wanted.lowerBound - place.lowerBound..<wanted.upperBound - place.lowerBound
            map(x, outputs: outputs, into: &y, firstColumn: wanted.lowerBound, rounded: &rounded, team: team)
        }
    }
}
