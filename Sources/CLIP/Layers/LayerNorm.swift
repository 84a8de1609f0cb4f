// SPDX-License-Identifier: MIT
package import Tensors

/// Layer normalisation over the width of the residual stream.
///
///     y = gain · (x − mean) / √(variance + ε) + bias
///
/// Source: Ba, Kiros and Hinton 2016.
package struct LayerNorm: Sendable {
    let gain: ConstantVector
    let bias: ConstantVector

    init(_ weights: WeightScope, width: Int, factors: [Float]? = nil) throws(WeightError) {
        gain = try weights.vector("weight", width, factors: factors)
        bias = try weights.vector("bias", width, factors: factors)
    }

    /// Normalises every row of `x` into `y`, both `[tokens, width]`.
    package func callAsFunction(_ x: borrowing Matrix, into y: inout Matrix, team: ThreadTeam) {
        layerNormalization(
            x, gain: gain, bias: bias, epsilon: VisionConfiguration.layerNormEpsilon, into: &y, team: team)
    }

    /// Normalises every row of `x` in place.
    package func callAsFunction(inPlace x: inout Matrix, team: ThreadTeam) {
        layerNormalization(
            inPlace: &x, gain: gain, bias: bias, epsilon: VisionConfiguration.layerNormEpsilon, team: team)
    }
}
