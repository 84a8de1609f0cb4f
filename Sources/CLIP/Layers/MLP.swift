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

    init(_ weights: WeightScope, _ configuration: VisionConfiguration) throws(WeightError) {
        expansion = try Linear(weights["fc1"], inputs: configuration.width, outputs: configuration.mlpWidth)
        contraction = try Linear(weights["fc2"], inputs: configuration.mlpWidth, outputs: configuration.width)
        activation = configuration.activation
    }

    /// Adds the perceptron of `x` to `residual`, both `[tokens, width]`; `hidden` is `[tokens, mlpWidth]`.
    package func callAsFunction(
        _ x: borrowing Matrix, addingTo residual: inout Matrix, hidden: inout Matrix, team: ThreadTeam
    ) {
        expansion(x, activation, into: &hidden, team: team)
        contraction(hidden, addingTo: &residual, team: team)
    }
}
