// SPDX-License-Identifier: MIT
package import Tensors

/// A linear map with bias, `y = x Wᵀ + b`; W is `[outputs, inputs]` as PyTorch stores it.
package struct Linear: Sendable {
    let weights: LinearWeights
    let bias: ConstantVector

    init(_ scope: WeightScope, inputs: Int, outputs: Int, _ kernel: ProductKernel?) throws(WeightError) {
        weights = try scope.weights("weight", outputs, inputs, kernel)
        bias = try scope.vector("bias", outputs)
    }

    /// Several maps of the same input as one, their outputs side by side.
    init(
        stacking places: [String], of scope: WeightScope, inputs: Int, outputs: Int, _ kernel: ProductKernel?
    ) throws(WeightError) {
        weights = try scope.weights("weight", of: places, outputs, inputs, kernel)
        bias = try scope.vector("bias", of: places, outputs)
    }

    /// `y ← x Wᵀ + b`.
    package func callAsFunction(
        _ x: borrowing Matrix, into y: inout Matrix, packed: inout PackedRows, team: ThreadTeam
    ) {
        linearMap(x, weights, bias: bias, .bias, into: &y, packed: &packed, team: team)
    }

    /// Only `outputs`, into the columns of `y` from `firstColumn` on.
    package func callAsFunction(
        _ x: borrowing Matrix, outputs: Range<Int>, into y: inout Matrix, firstColumn: Int,
        packed: inout PackedRows, team: ThreadTeam
    ) {
        linearMap(
            x, weights, bias: bias, .bias, into: &y, outputs: outputs, firstColumn: firstColumn,
            packed: &packed,
            team: team)
    }

    /// `y ← f(x Wᵀ + b)`.
    package func callAsFunction(
        _ x: borrowing Matrix, _ activation: Activation, into y: inout Matrix, packed: inout PackedRows,
        team: ThreadTeam
    ) {
        linearMap(x, weights, bias: bias, .activation(activation), into: &y, packed: &packed, team: team)
    }

    /// `residual ← residual + x Wᵀ + b`.
    package func callAsFunction(
        _ x: borrowing Matrix, addingTo residual: inout Matrix, packed: inout PackedRows, team: ThreadTeam
    ) {
        linearMap(x, weights, bias: bias, .residual, into: &residual, packed: &packed, team: team)
    }
}
