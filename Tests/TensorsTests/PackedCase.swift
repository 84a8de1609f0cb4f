import TestSupport

// SPDX-License-Identifier: MIT
@testable import Tensors

/// Packed weights, and products with them.
struct PackedCase {
    let kernel: ProductKernel
    let weights: PackedMatrix
    private let columns: [RoundedFactor]

    init(_ w: [Float], outputs: Int, inputs: Int, _ kernel: ProductKernel) throws {
        let words = PackedMatrix.wordCount(rows: outputs, columns: inputs, format: kernel.format)
        let arena = try WeightArena(capacity: WeightArena.capacity(for: [words]))
        weights = PackedMatrix(
            arena, offset: try arena.reserve(words), rows: outputs, columns: inputs, format: kernel.format)
        for panel in 0..<weights.panelCount {
            let range = weights.outputs(ofPanel: panel)
            weights.pack(Array(w[range.lowerBound * inputs..<range.upperBound * inputs]).span, asPanel: panel)
        }
        self.kernel = kernel
        columns = (0..<outputs).map {
            RoundedFactor(weights: Array(w[$0 * inputs..<($0 + 1) * inputs]), kernel.format)
        }
    }

    /// The sums in double precision, of factors rounded the same way.
    func twin(of x: borrowing Matrix) -> [Double] {
        var sums: [Double] = []
        for row in 0..<x.rows {
            let factor = RoundedFactor(activations: x.elements(ofRow: row), kernel.format)
            sums += columns.map { factor.product($0).sum }
        }
        return sums
    }

    /// All outputs, added to `before` by a residual.
    func product(
        of x: borrowing Matrix, _ epilogue: Epilogue, bias: ConstantVector? = nil, into before: [Float]?,
        members: Int
    ) -> [Float] {
        var y = Matrix(before ?? [Float](repeating: 0, count: x.rows * weights.rows), columns: weights.rows)
        multiply(x, outputs: 0..<weights.rows, bias, epilogue, &y, 0, members)
        return y.allElements()
    }

    /// Some outputs, in columns from `firstColumn` on.
    func product(of x: borrowing Matrix, outputs: Range<Int>, firstColumn: Int, members: Int) -> [Float] {
        var y = Matrix(rows: x.rows, columns: weights.rows)
        multiply(x, outputs: outputs, nil, .bias, &y, firstColumn, members)
        return y.allElements()
    }

    private func multiply(
        _ x: borrowing Matrix, outputs: Range<Int>, _ bias: ConstantVector?, _ epilogue: Epilogue,
        _ y: inout Matrix,
        _ firstColumn: Int, _ members: Int
    ) {
        let team = ThreadTeam(memberCount: members)
        var rounded = RoundedRows(rowCapacity: x.rows, depthCapacity: x.columns, memberCapacity: members)
        packedProduct(
            x, weights, kernel, outputs: outputs, bias: bias, epilogue, into: &y, firstColumn: firstColumn,
            rounded: &rounded, team: team)
    }

    /// All outputs, with room for rounded rows that other products have used and will use.
    func product(of x: borrowing Matrix, rounded: inout RoundedRows, team: ThreadTeam) -> [Float] {
        var y = Matrix(rows: x.rows, columns: weights.rows)
        packedProduct(
            x, weights, kernel, outputs: 0..<weights.rows, bias: nil, .bias, into: &y, firstColumn: 0,
            rounded: &rounded, team: team)
        return y.allElements()
    }
}
