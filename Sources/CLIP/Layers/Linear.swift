// SPDX-License-Identifier: MIT
package import Tensors

/// A linear map with bias, `y = x Wᵀ + b`; W is `[outputs, inputs]` as PyTorch stores it.
package struct Linear: Sendable {
    let weights: LinearWeights
    let bias: ConstantVector
    /// What the inputs are multiplied with before they are rounded to 8 bits; W was divided by it.
    let inputFactors: ConstantVector?

    /// Binds a map to its weights.
    ///
    /// Weights are multiplied with `inputFactors` by input, weights and bias with `outputFactors` by output. Before
    /// inputs are rounded they are multiplied with `dividing`, which leaves them divided by `inputFactors`; it is nil
    /// where they come divided already.
    init(
        _ scope: WeightScope, inputs: Int, outputs: Int, _ kernel: ProductKernel?,
        inputFactors: [Float]? = nil, outputFactors: [Float]? = nil, dividing: [Float]? = nil
    ) throws(WeightError) {
        weights = try scope.weights(
            "weight", outputs, [inputs], kernel, inputFactors: inputFactors, outputFactors: outputFactors)
        bias = try scope.vector("bias", outputs, factors: outputFactors)
        self.inputFactors = try Self.vector(dividing, scope)
    }

    /// Outputs of several maps of the same input as one map, side by side; each of them has `outputs`.
    init(
        stacking blocks: [RowBlock], of scope: WeightScope, inputs: Int, outputs: Int,
        _ kernel: ProductKernel?,
        inputFactors: [Float]? = nil, outputFactors: [Float]? = nil, dividing: [Float]? = nil
    ) throws(WeightError) {
        weights = try scope.weights(
            "weight", of: blocks, outputs, inputs, kernel, inputFactors: inputFactors,
            outputFactors: outputFactors)
        bias = try scope.vector("bias", of: blocks, outputs, factors: outputFactors)
        self.inputFactors = try Self.vector(dividing, scope)
    }

    private static func vector(_ factors: [Float]?, _ scope: WeightScope) throws(WeightError)
        -> ConstantVector?
    {
        guard let factors else { return nil }
        return try scope.vector(factors)
    }

    /// `y ← x Wᵀ + b`.
    package func callAsFunction(
        _ x: borrowing Matrix, into y: inout Matrix, rounded: inout RoundedRows, team: ThreadTeam
    ) {
        linearMap(
            x, weights, bias: bias, .bias, into: &y, factors: inputFactors, rounded: &rounded, team: team)
    }

    /// Only `outputs`, into the columns of `y` from `firstColumn` on.
    package func callAsFunction(
        _ x: borrowing Matrix, outputs: Range<Int>, into y: inout Matrix, firstColumn: Int,
        rounded: inout RoundedRows, team: ThreadTeam
    ) {
        linearMap(
            x, weights, bias: bias, .bias, into: &y, outputs: outputs, firstColumn: firstColumn,
            factors: inputFactors, rounded: &rounded, team: team)
    }

    /// `y ← f(x Wᵀ + b)`.
    package func callAsFunction(
        _ x: borrowing Matrix, _ activation: Activation, into y: inout Matrix, rounded: inout RoundedRows,
        team: ThreadTeam
    ) {
        linearMap(
            x, weights, bias: bias, .activation(activation), into: &y, factors: inputFactors,
            rounded: &rounded,
            team: team)
    }

    /// `residual ← residual + x Wᵀ + b`.
    package func callAsFunction(
        _ x: borrowing Matrix, addingTo residual: inout Matrix, rounded: inout RoundedRows, team: ThreadTeam
    ) {
        linearMap(
            x, weights, bias: bias, .residual, into: &residual, factors: inputFactors, rounded: &rounded,
            team: team)
    }
}
