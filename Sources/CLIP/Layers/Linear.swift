// SPDX-License-Identifier: MIT
package import Tensors

/// A linear map with bias, `y = x Wᵀ + b`; W is `[outputs, inputs]` as PyTorch stores it.
package struct Linear: Sendable {
    let weight: ConstantMatrix
    let bias: ConstantVector

    init(_ weights: WeightScope, inputs: Int, outputs: Int) throws(WeightError) {
        weight = try weights.matrix("weight", outputs, inputs)
        bias = try weights.vector("bias", outputs)
    }

    /// Several maps of the same input as one, their outputs side by side.
    init(stacking places: [String], of weights: WeightScope, inputs: Int, outputs: Int) throws(WeightError) {
        weight = try weights.matrix("weight", of: places, outputs, inputs)
        bias = try weights.vector("bias", of: places, outputs)
    }

    package func callAsFunction(_ x: borrowing Matrix, into y: inout Matrix, team: ThreadTeam) {
        linearMap(x, weight, bias: bias, .bias, into: &y, team: team)
    }

    package func callAsFunction(
        _ x: borrowing Matrix, _ activation: Activation, into y: inout Matrix, team: ThreadTeam
    ) {
        linearMap(x, weight, bias: bias, .activation(activation), into: &y, team: team)
    }

    package func callAsFunction(_ x: borrowing Matrix, addingTo residual: inout Matrix, team: ThreadTeam) {
        linearMap(x, weight, bias: bias, .residual, into: &residual, team: team)
    }
}
