// SPDX-License-Identifier: MIT
package import Tensors

/// Self-attention over all tokens of an image; no mask, every token sees every token.
///
///     scores_h  = softmax(Q_h K_hᵀ / √headWidth)          [tokens, tokens]
///     context_h = scores_h V_h                             [tokens, headWidth]
///     residual += [context_0 … context_{H−1}] W_oᵀ + b_o   [tokens, width]
///
/// Queries, keys and values are one product with the three weights stacked, or two where queries and keys of sharp heads
/// are rounded less than everything else.
///
/// Source: Vaswani et al. 2017, section 3.2; names follow `CLIPAttention` of Hugging Face Transformers.
package struct MultiHeadAttention: Sendable {
    /// Maps of the input to columns of queries, keys and values.
    private let projections: [Projection]
    /// Where all tokens' queries, keys and values lie.
    let columns: HeadColumns
    /// Where they lie when the queries are in a matrix of their own.
    let columnsOfSeparateQueries: HeadColumns
    let output: Linear
    let backend: AttentionBackend
    let tokenCount: Int

    init(
        _ weights: WeightScope, _ configuration: some EncoderConfiguration, _ plan: ArithmeticPlan,
        _ parts: AttentionProjections, scales: LayerScales?
    ) throws(WeightError) {
        let width = configuration.width
        var projections: [Projection] = []
        if !parts.sharpHeads.isEmpty {
            let map = try Linear(
                stacking: parts.sharpBlocks, of: weights, inputs: width, outputs: width, plan.sharpHeads,
                inputFactors: scales?.sharpInput)
            let queries = parts.sharpHeads.count * parts.headWidth
            projections.append(Projection(map: map, firstColumn: 0, queries: 0..<queries, firstQuery: 0))
        }
        let others = try Linear(
            stacking: parts.otherBlocks, of: weights, inputs: width, outputs: width, plan.encoder,
            inputFactors: scales?.input,
            outputFactors: scales.map {
                [Float](repeating: 1, count: parts.otherWidth - width) + $0.values.inverted
            },
            // The LayerNorm before divides by the scales of the first map, where there is one.
            dividing: scales.flatMap {
                $0.sharpInput.isEmpty ? nil : zip($0.sharpInput, $0.input).map { $0 / $1 }
            })
        projections.append(
            Projection(
                map: others, firstColumn: parts.sharpWidth,
                queries: 0..<parts.otherHeads.count * parts.headWidth, firstQuery: parts.sharpWidth / 2))
        self.projections = projections
        columns = parts.columns
        columnsOfSeparateQueries = parts.columnsOfSeparateQueries
        output = try Linear(
            weights["out_proj"], inputs: width, outputs: width, plan.encoder, inputFactors: scales?.values)
        backend = plan.attention
        tokenCount = configuration.tokenCount
    }

    /// Sizes of the maps to queries, keys and values, for the arena.
    static func projectionMaps(
        _ configuration: some EncoderConfiguration, _ plan: ArithmeticPlan, sharpHeads: [Int] = []
    ) -> [(outputs: Int, inputs: Int, kernel: ProductKernel?)] {
        let parts = AttentionProjections(configuration, sharpHeads: sharpHeads)
        let others = (parts.otherWidth, configuration.width, plan.encoder)
        return sharpHeads.isEmpty
            ? [others] : [(parts.sharpWidth, configuration.width, plan.sharpHeads), others]
    }

    /// Adds the attention of `x` to `residual`, both `[images · tokens, width]`.
    package func callAsFunction(
        _ x: borrowing Matrix, addingTo residual: inout Matrix, scratch: inout AttentionScratch,
        rounded: inout RoundedRows, team: ThreadTeam
    ) {
        project(x, .everything, into: &scratch.queryKeyValue, rounded: &rounded, team: team)
        attention(
            queries: scratch.queryKeyValue, keysAndValues: scratch.queryKeyValue,
            AttentionShape(tokenCount: tokenCount, queryCount: tokenCount, headCount: columns.headCount),
            columns, backend: backend, workspace: &scratch.workspace, into: &scratch.context, team: team)
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
        project(x, .keysAndValues, into: &scratch.queryKeyValue, rounded: &rounded, team: team)
        project(classTokens, .queries, into: &scratch.classQueries, rounded: &rounded, team: team)
        attention(
            queries: scratch.classQueries, keysAndValues: scratch.queryKeyValue,
            AttentionShape(tokenCount: tokenCount, queryCount: 1, headCount: columns.headCount),
            columnsOfSeparateQueries, backend: backend, workspace: &scratch.workspace, into: &scratch.context,
            team: team)
        output(scratch.context, addingTo: &residual, rounded: &rounded, team: team)
    }

    /// Computes a part of queries, keys and values; queries alone go into a matrix without gaps.
    func project(
        _ x: borrowing Matrix, _ part: ProjectedPart, into y: inout Matrix, rounded: inout RoundedRows,
        team: ThreadTeam
    ) {
        for projection in projections {
            let outputs = projection.outputs(of: part)
            guard !outputs.isEmpty else { continue }
            let column = part == .queries ? projection.firstQuery : projection.firstColumn
            projection.map(
                x, outputs: outputs, into: &y, firstColumn: column + outputs.lowerBound, rounded: &rounded,
                team: team)
        }
    }
}

/// What is computed of queries, keys and values.
enum ProjectedPart {
    case everything, queries, keysAndValues
}

/// One map of the input: queries, then keys of some heads, and values or none.
private struct Projection: Sendable {
    let map: Linear
    /// Column of its first output.
    let firstColumn: Int
    /// Outputs that are queries; the first ones.
    let queries: Range<Int>
    /// Column of its first query in a matrix of queries alone.
    let firstQuery: Int

    func outputs(of part: ProjectedPart) -> Range<Int> {
        switch part {
        case .everything: 0..<map.weights.outputCount
        case .queries: queries
        case .keysAndValues: queries.upperBound..<map.weights.outputCount
        }
    }
}
