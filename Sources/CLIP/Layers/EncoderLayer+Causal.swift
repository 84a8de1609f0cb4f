// SPDX-License-Identifier: MIT
package import Tensors

extension EncoderLayer {
    /// Applies the layer with a causal mask to the tokens of one text, `[tokens, width]`, in place.
    package func callAsFunction(causal x: inout Matrix, scratch: inout EncoderScratch, team: ThreadTeam) {
        layerNorm1(x, into: &scratch.normalized, team: team)
        attention(
            causal: scratch.normalized, addingTo: &x, scratch: &scratch.attention, rounded: &scratch.rounded,
            team: team)
        layerNorm2(x, into: &scratch.normalized, team: team)
        mlp(scratch.normalized, addingTo: &x, hidden: &scratch.hidden, rounded: &scratch.rounded, team: team)
    }

    /// Applies the layer to the last token of a text alone, which is all that is read after the last layer.
    ///
    /// `x` is the residual stream before the layer, `[tokens, width]`; `lastToken` is written, `[1, width]`.
    package func callAsFunction(
        _ x: borrowing Matrix, lastTokenInto lastToken: inout Matrix, scratch: inout EncoderScratch,
        team: ThreadTeam
    ) {
        copyLastRow(of: x, into: &lastToken)
        layerNorm1(x, into: &scratch.normalized, team: team)
        copyLastRow(of: scratch.normalized, into: &scratch.classTokens)
        attention(
            ofLastToken: scratch.classTokens, in: scratch.normalized, addingTo: &lastToken,
            scratch: &scratch.attention, rounded: &scratch.rounded, team: team)
        layerNorm2(lastToken, into: &scratch.classTokens, team: team)
        mlp(
            scratch.classTokens, addingTo: &lastToken, hidden: &scratch.hidden, rounded: &scratch.rounded,
            team: team)
    }
}
