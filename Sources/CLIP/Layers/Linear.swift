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
    /// Weights are multiplied with `inputFactors` by input, weights and bias with `outputFactors` by output. Inputs are
    /// multiplied with `dividing`, the inverse of `inputFactors`, before they are rounded; it is nil where they come
    /// divided already.
    init(
        _ scope: WeightScope, inputs: Int, outputs: Int, _ kernel: ProductKernel?,
        inputFactors: ChannelFactors? = nil, outputFactors: ChannelFactors? = nil,
        dividing: ChannelFactors? = nil
    ) throws(WeightError) {
        weights = try scope.weights(
            "weight", outputs, [inputs], kernel, inputFactors: inputFactors, outputFactors: outputFactors)
        bias = try scope.vector("bias", outputs, factors: outputFactors)
        if let dividing {
            self.inputFactors = try scope.vector(dividing, inputs)
        } else {
            self.inputFactors = nil
        }
    }

    /// Several maps of the same input as one, their outputs side by side.
    init(
        stacking places: [String], of scope: WeightScope, inputs: Int, outputs: Int, _ kernel: ProductKernel?,
        inputFactors: ChannelFactors? = nil
    ) throws(WeightError) {
        weights = try scope.weights("weight", of: places, outputs, inputs, kernel, inputFactors: inputFactors)
        bias = try scope.vector("bias", of: places, outputs)
        self.inputFactors = nil
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
