// SPDX-License-Identifier: MIT

/// The weights of a linear map in the layout of the arithmetic that multiplies by them.
package enum LinearWeights: Sendable {
    /// Row-major in single precision, for the linked BLAS.
    case rowMajor(ConstantMatrix)
    /// In panels, for one of our own kernels.
    case packed(PackedMatrix, ProductKernel)

    /// Number of outputs.
    package var outputCount: Int {
        switch self {
        case .rowMajor(let matrix): matrix.rows
        case .packed(let matrix, _): matrix.rows
        }
    }
}

/// `y ← epilogue(x · Wᵀ + b)`, by the linked BLAS or by a packed product.
///
/// - Parameters:
///   - x: Input, `[rows, inputs]`.
///   - weights: W, `[outputs, inputs]`.
///   - bias: b, `[outputs]`; nil for none.
///   - epilogue: What is done with the product.
///   - y: Output; takes as many rows into use as `x` has. With `.residual` its rows are read.
///   - outputs: Outputs wanted; nil for all. A packed product also writes those before them that share their panel.
///   - firstColumn: Column of `y` that receives the first of them.
///   - factors: In 8 bits: what each input is multiplied with before it is rounded, `[inputs]`.
///   - rounded: Room for the rounded rows of `x`.
///   - team: Threads that share the work.
/// - Complexity: 2 · rows · inputs · outputs operations. Allocates nothing.
package func linearMap(
    _ x: borrowing Matrix, _ weights: LinearWeights, bias: ConstantVector?, _ epilogue: Epilogue,
    into y: inout Matrix, outputs: Range<Int>? = nil, firstColumn: Int = 0, factors: ConstantVector?,
    rounded: inout RoundedRows,
    team: borrowing ThreadTeam
) {
    switch weights {
    case .rowMajor(let matrix):
        linearMap(
            x, matrix, bias: bias, epilogue, into: &y, outputs: outputs, firstColumn: firstColumn, team: team)
    case .packed(let matrix, let kernel):
        packedProduct(
            x, times: factors, matrix, kernel, outputs: outputs ?? 0..<matrix.rows, bias: bias, epilogue,
            into: &y,
            firstColumn: firstColumn, rounded: &rounded, team: team)
    }
}
