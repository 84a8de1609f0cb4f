// SPDX-License-Identifier: MIT
package import Tensors

extension MultiHeadAttention {
    /// Adds the causal attention of one text to `residual`, both `[tokens, width]`: a token sees itself and those
    /// before it.
    package func callAsFunction(
        causal x: borrowing Matrix, addingTo residual: inout Matrix, scratch: inout AttentionScratch,
        rounded: inout RoundedRows, team: ThreadTeam
    ) {
        project(x, 0..<3 * width, into: &scratch.queryKeyValue, rounded: &rounded, team: team)
        attention(
            queries: scratch.queryKeyValue, keysAndValues: scratch.queryKeyValue,
            AttentionShape(tokenCount: x.rows, queryCount: x.rows, headCount: headCount, isCausal: true),
            backend: backend, workspace: &scratch.workspace, into: &scratch.context, team: team)
        output(scratch.context, addingTo: &residual, rounded: &rounded, team: team)
    }

    /// Adds the attention of a text's last token, which sees all of them, to `residual`, `[1, width]`.
    package func callAsFunction(
        ofLastToken lastToken: borrowing Matrix, in x: borrowing Matrix, addingTo residual: inout Matrix,
        scratch: inout AttentionScratch, rounded: inout RoundedRows, team: ThreadTeam
    ) {
        project(x, width..<3 * width, into: &scratch.queryKeyValue, rounded: &rounded, team: team)
        project(lastToken, 0..<width, into: &scratch.classQueries, rounded: &rounded, team: team)
        attention(
            queries: scratch.classQueries, keysAndValues: scratch.queryKeyValue,
            AttentionShape(tokenCount: x.rows, queryCount: 1, headCount: headCount), backend: backend,
            workspace: &scratch.workspace, into: &scratch.context, team: team)
        output(scratch.context, addingTo: &residual, rounded: &rounded, team: team)
    }
}
