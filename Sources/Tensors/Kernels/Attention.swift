// SPDX-License-Identifier: MIT
internal import CVectorKernels

/// Self-attention of every token to every token of its own image, head by head.
///
///     scores  = Q_h K_hᵀ / √headWidth        [tokens, tokens]
///     context = softmax(scores) V_h           [tokens, headWidth]
///
/// Source: Vaswani et al. 2017, section 3.2; `CLIPAttention` of Hugging Face Transformers. headWidth is 64 in all
/// published CLIP models, so the scale is a power of two and scaling the product rounds as scaling the query does.
///
/// - Parameters:
///   - projections: Queries, keys and values side by side, `[images · tokens, 3 · width]`.
///   - tokenCount: Tokens of one image; divides the number of rows.
///   - headCount: Heads; divides width.
///   - scores: One square a member, `[members · tokens, tokens]`; contents on entry are ignored.
///   - context: Output, `[images · tokens, width]`; takes as many rows into use as `projections` has.
///   - team: Threads that share the heads.
/// - Complexity: O(images · tokens² · width). Allocates nothing.
package func attention(
    _ projections: borrowing Matrix, tokenCount: Int, headCount: Int, scores: inout Matrix,
    into context: inout Matrix, team: borrowing ThreadTeam
) {
    let width = context.columns
    precondition(
        projections.columns == 3 * width,
        "projections are \(projections.shape), expected \(3 * width) columns")
    precondition(
        tokenCount > 0 && projections.rows % tokenCount == 0,
        "\(projections.rows) rows of \(tokenCount) tokens")
    precondition(headCount > 0 && width % headCount == 0, "\(headCount) heads do not divide \(width)")
    precondition(
        scores.rowCapacity >= team.memberCount * tokenCount && scores.columns == tokenCount,
        "scores are \(scores.shape), expected [\(team.memberCount * tokenCount), \(tokenCount)]")
    context.useRows(projections.rows)
    // Safe: the shapes were checked; every member has its own square of `scores` and its own heads of `context`.
    unsafe team.perform(
        AttentionJob(
            projections: UnsafePointer(projections.base), scores: scores.base, context: context.base,
            images: projections.rows / tokenCount, tokens: tokenCount, heads: headCount, width: width))
}

@safe private struct AttentionJob: TeamJob {
    let projections: UnsafePointer<Float>
    let scores, context: UnsafeMutablePointer<Float>
    let images, tokens, heads, width: Int

    func run(as member: TeamMember) {
        let square = unsafe scores + member.index * tokens * tokens
        for item in member.share(of: images * heads) {
            unsafe attend(image: item / heads, head: item % heads, square, member.productClock)
        }
    }

    private func attend(
        image: Int, head: Int, _ square: UnsafeMutablePointer<Float>, _ clock: UnsafeMutablePointer<UInt64>?
    ) {
        let headWidth = width / heads
        let query = unsafe projections + image * tokens * 3 * width + head * headWidth
        let key = unsafe query + width
        let value = unsafe key + width
        unsafe BLAS.multiply(
            query, 3 * width, byTransposeOf: key, 3 * width, into: square, tokens, m: tokens, n: tokens,
            k: headWidth, scale: 1 / Float(headWidth).squareRoot(), clock: clock)
        for row in 0..<tokens { unsafe vector_softmax(square + row * tokens, tokens) }
        unsafe BLAS.multiply(
            square, tokens, by: value, 3 * width, into: context + image * tokens * width + head * headWidth,
            width, m: tokens, n: headWidth, k: tokens, clock: clock)
    }
}
