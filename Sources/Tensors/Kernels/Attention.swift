// SPDX-License-Identifier: MIT
internal import CVectorKernels

/// Sizes of an attention: which rows and columns belong to which image and head.
package struct AttentionShape: Sendable {
    /// Tokens of one image that keys and values come from.
    package let tokenCount: Int
    /// Tokens of one image that ask: all, or the class token alone.
    package let queryCount: Int
    /// Heads; divides the width.
    package let headCount: Int
    /// Whether a token sees only itself and those before it; then all tokens ask.
    package let isCausal: Bool

    package init(tokenCount: Int, queryCount: Int, headCount: Int, isCausal: Bool = false) {
        precondition(
            !isCausal || queryCount == tokenCount, "a mask for \(queryCount) of \(tokenCount) tokens")
        precondition(tokenCount > 0 && queryCount > 0 && headCount > 0, "an attention over nothing")
        self.tokenCount = tokenCount
        self.queryCount = queryCount
        self.headCount = headCount
        self.isCausal = isCausal
    }
}

/// Attention of the queries of every image to all tokens of their own image, head by head.
///
///     scores  = Q_h K_hᵀ / √headWidth        [queries, tokens]
///     context = softmax(scores) V_h           [queries, headWidth]
///
/// Source: Vaswani et al. 2017, section 3.2; `CLIPAttention` of Hugging Face Transformers. headWidth is 64 in all
/// published CLIP models, so the scale is a power of two and scaling the product rounds as scaling the query does.
///
/// - Parameters:
///   - queries: `[images · queryCount, any]`.
///   - keysAndValues: `[images · tokenCount, any]`.
///   - shape: Tokens and heads.
///   - columns: Where in them the heads lie.
///   - backend: Who computes it.
///   - workspace: One member's part for each member.
///   - context: Output, `[images · queryCount, width]`; takes as many rows into use as `queries` has.
///   - team: Threads that share the heads.
/// - Complexity: O(images · queries · tokens · width). Allocates nothing.
package func attention(
    queries: borrowing Matrix, keysAndValues: borrowing Matrix, _ shape: AttentionShape,
    _ columns: HeadColumns, backend: AttentionBackend, workspace: inout AttentionWorkspace,
    into context: inout Matrix,
    team: borrowing ThreadTeam
) {
    let width = context.columns
    precondition(
        queries.columns >= columns.queryWidth && keysAndValues.columns >= columns.keyValueWidth,
        "queries are \(queries.shape), keys and values \(keysAndValues.shape), heads reach to columns \(columns.queryWidth) and \(columns.keyValueWidth)"
    )
    precondition(
        keysAndValues.rows % shape.tokenCount == 0
            && queries.rows == keysAndValues.rows / shape.tokenCount * shape.queryCount,
        "\(queries.rows) queries and \(keysAndValues.rows) rows of \(shape.tokenCount) tokens")
    precondition(
        columns.headCount == shape.headCount && columns.headWidth * shape.headCount == width,
        "\(columns.headCount) heads of \(columns.headWidth), not \(shape.headCount), for a width of \(width)")
    precondition(
        workspace.fits(shape, headWidth: columns.headWidth, memberCount: team.memberCount),
        "the workspace was made for another shape")
    context.useRows(queries.rows)
    // Safe: the shapes were checked; every member has its own part of the workspace and its own heads of `context`.
    unsafe team.perform(
        AttentionJob(
            queries: UnsafePointer(queries.base), queryStride: queries.columns,
            keysAndValues: UnsafePointer(keysAndValues.base), keyValueStride: keysAndValues.columns,
            workspace: workspace.base, partLength: workspace.partLength, context: context.base,
            images: keysAndValues.rows / shape.tokenCount, shape: shape, columns: columns, width: width,
            backend: backend))
}

@safe private struct AttentionJob: TeamJob {
    let queries: UnsafePointer<Float>
    let queryStride: Int
    let keysAndValues: UnsafePointer<Float>
    let keyValueStride: Int
    let workspace: UnsafeMutablePointer<Float>
    let partLength: Int
    let context: UnsafeMutablePointer<Float>
    let images: Int
    let shape: AttentionShape
    let columns: HeadColumns
    let width: Int
    let backend: AttentionBackend

    private var headWidth: Int { columns.headWidth }
    private var scale: Float { 1 / Float(headWidth).squareRoot() }

    func run(as member: TeamMember) {
        let part = unsafe workspace + member.index * partLength
        while let item = member.claim(of: images * shape.headCount) {
            let (image, head) = item.quotientAndRemainder(dividingBy: shape.headCount)
            let query = unsafe queries + image * shape.queryCount * queryStride + columns.queries[head]
            let tokens = unsafe keysAndValues + image * shape.tokenCount * keyValueStride
            let key = unsafe tokens + columns.keys[head]
            let value = unsafe tokens + columns.values[head]
            let output = unsafe context + image * shape.queryCount * width + head * headWidth
            switch backend {
            case .vectors: unsafe attend(query, key, value, output, part)
            case .blas: unsafe attend(query, key, value, output, part, member.productClock)
            }
        }
    }

    /// By the linked BLAS.
    private func attend(
        _ query: UnsafePointer<Float>, _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>,
        _ scores: UnsafeMutablePointer<Float>, _ clock: UnsafeMutablePointer<UInt64>?
    ) {
        let tokens = shape.tokenCount
        unsafe BLAS.multiply(
            query, queryStride, byTransposeOf: key, keyValueStride, into: scores, tokens, m: shape.queryCount,
            n: tokens,
            k: headWidth, scale: scale, clock: clock)
        for row in 0..<shape.queryCount {
            unsafe softmaxVisible(scores + row * tokens, tokens, shape.isCausal ? row + 1 : tokens)
        }
        unsafe BLAS.multiply(
            scores, tokens, by: value, keyValueStride, into: output, width, m: shape.queryCount,
            n: headWidth,
            k: tokens, clock: clock)
    }

    /// By our own kernel.
    private func attend(
        _ query: UnsafePointer<Float>, _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>,
        _ part: UnsafeMutablePointer<Float>
    ) {
        var head = unsafe vector_attention(
            queries: query, query_stride: queryStride, query_count: shape.queryCount, keys: key,
            values: value, key_value_stride: keyValueStride, token_count: shape.tokenCount,
            head_width: headWidth,
            scale: scale, first_query: shape.isCausal ? 0 : -1, workspace: part, output: output,
            output_stride: width)
        unsafe vector_attention(&head)
    }
}
