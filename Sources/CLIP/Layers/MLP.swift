// SPDX-License-Identifier: MIT
package import Tensors

/// The two-layer perceptron of an encoder layer.
///
///     residual += f(x W₁ᵀ + b₁) W₂ᵀ + b₂
///
/// Source: `CLIPMLP` of Hugging Face Transformers.
package struct MLP: Sendable {
    let expansion: Linear
    let contraction: Linear
    let activation: Activation

    init(
        _ weights: WeightScope, _ configuration: some EncoderConfiguration, _ kernel: ProductKernel?,
        scales: LayerScales?
    ) throws(WeightError) {
        let (width, mlpWidth) = (configuration.width, configuration.mlpWidth)
        expansion = try Linear(
            weights["fc1"], inputs: width, outputs: mlpWidth, kernel,
            inputFactors: scales?.mlpInput)
        contraction = try Linear(
            weights["fc2"], inputs: mlpWidth, outputs: width, kernel,
            inputFactors: scales?.hidden, dividing: scales?.hidden.inverted)
        activation = configuration.activation
    }

    /// Adds the perceptron of `x` to `residual`, both `[tokens, width]`; `hidden` is `[tokens, mlpWidth]`.
    package func callAsFunction(
        _ x: borrowing Matrix, addingTo residual: inout Matrix, hidden: inout Matrix,
        rounded: inout RoundedRows,
        team: ThreadTeam
    ) {
        expansion(x, activation, into: &hidden, rounded: &rounded, team: team)
        contraction(hidden, addingTo: &residual, rounded: &rounded, team: team)
    }
}
