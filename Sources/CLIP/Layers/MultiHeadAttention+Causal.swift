// SPDX-License-Identifier: MIT
package import Tensors

extension MultiHeadAttention {
    /// Adds the causal attention of one text to `residual`, both `[tokens, width]`: a token sees itself and those
    /// before it.
    package func callAsFunction(
        causal x: borrowing Matrix, addingTo residual: inout Matrix, scratch: inout AttentionScratch,
        rounded: inout RoundedRows, team: ThreadTeam
    ) {
        project(x, .everything, into: &scratch.queryKeyValue, rounded: &rounded, team: team)
        attention(
            queries: scratch.queryKeyValue, keysAndValues: scratch.queryKeyValue,
            AttentionShape(
                tokenCount: x.rows, queryCount: x.rows, headCount: columns.headCount, isCausal: true),
            columns, backend: backend, workspace: &scratch.workspace, into: &scratch.context, team: team)
        output(scratch.context, addingTo: &residual, rounded: &rounded, team: team)
    }

    /// Adds the attention of a text's last token, which sees all of them, to `residual`, `[1, width]`.
    package func callAsFunction(
        ofLastToken lastToken: borrowing Matrix, in x: borrowing Matrix, addingTo residual: inout Matrix,
        scratch: inout AttentionScratch, rounded: inout RoundedRows, team: ThreadTeam
    ) {
        project(x, .keysAndValues, into: &scratch.queryKeyValue, rounded: &rounded, team: team)
        project(lastToken, .queries, into: &scratch.classQueries, rounded: &rounded, team: team)
        attention(
            queries: scratch.classQueries, keysAndValues: scratch.queryKeyValue,
            AttentionShape(tokenCount: x.rows, queryCount: 1, headCount: columns.headCount),
            columnsOfSeparateQueries, backend: backend,
            workspace: &scratch.workspace, into: &scratch.context, team: team)
        output(scratch.context, addingTo: &residual, rounded: &rounded, team: team)
    }
}
