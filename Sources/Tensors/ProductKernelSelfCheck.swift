// SPDX-License-Identifier: MIT

/// Compares a ``ProductKernel`` with sums written out, on this processor, before a model relies on it.
///
/// Sizes leave remainders in tiles, panels and steps, and one is as deep as the widest layer of ViT-B/32. The twin rounds its factors as
/// the precision says and adds in double precision, so only the order of summation is left to differ.
package enum ProductKernelSelfCheck {
    private static let sizes = [(1, 1, 1), (13, 32, 64), (14, 33, 67), (50, 45, 131), (7, 64, 3072)]

    /// Largest error of a sum as a fraction of Σ|x||w|.
    ///
    /// γ(k) for k = 3072 is 1.8e-4; sums in 16 lanes and random signs
    /// stay far below. A wrong lane or row is off by a large part of it.
    static let bound = 1e-5

    /// Whether all products agree.
    ///
    /// - Complexity: About a millisecond; allocates a little.
    package static func passes(_ kernel: ProductKernel) -> Bool {
        sizes.allSatisfy { worstError(kernel, rows: $0.0, outputs: $0.1, inputs: $0.2) <= bound }
            && worstError(kernel, rows: 7, outputs: 33, inputs: 96, extreme: true) <= bound
    }

    /// Largest error of a product of `[rows, inputs]` and `[outputs, inputs]`, as a fraction of Σ|x||w|; infinite when a
    /// result is not a number.
    ///
    /// With `extreme`, factors are largest where they meet: every x the end of its range, every w of the same size,
    /// neighbours of the same sign. Sums in too few bits would pass their limits.
    package static func worstError(
        _ kernel: ProductKernel, rows: Int, outputs: Int, inputs: Int, extreme: Bool = false
    ) -> Double {
        let x = (0..<rows).map { row in
            (0..<inputs).map { extreme ? 4 : 4 * sample(row * 7919 + $0) }
        }
        let w = (0..<outputs).map { output in
            (0..<inputs).map {
                extreme ? ($0 / 2 + output) % 3 == 0 ? -1 : 1 : sample(output * 104_729 + $0 + 1)
            }
        }
        guard let found = product(kernel, x, w) else { return .infinity }
        let columns = w.map { RoundedFactor(weights: $0, kernel.format) }
        var worst = 0.0
        for row in 0..<rows {
            let factor = RoundedFactor(activations: x[row], kernel.format)
            for output in 0..<outputs {
                let (sum, magnitude) = factor.product(columns[output])
                let error = abs(Double(found[row * outputs + output]) - sum)
                guard error.isFinite else { return .infinity }
                worst = max(worst, magnitude > 0 ? error / magnitude : error)
            }
        }
        return worst
    }

    /// `x · wᵀ` by the kernel, row by row; nil without memory.
    private static func product(_ kernel: ProductKernel, _ x: [[Float]], _ w: [[Float]]) -> [Float]? {
        guard let weights = packed(w, kernel.format) else { return nil }
        var input = Matrix(rows: x.count, columns: x[0].count)
        for row in x.indices { for k in x[row].indices { input[row, k] = x[row][k] } }
        var rounded = RoundedRows(rowCapacity: input.rows, depthCapacity: input.columns, memberCapacity: 1)
        var output = Matrix(rows: input.rows, columns: weights.rows)
        let team = ThreadTeam(memberCount: 1)
        packedProduct(
            input, weights, kernel, outputs: 0..<weights.rows, bias: nil, .bias, into: &output,
            firstColumn: 0,
            rounded: &rounded, team: team)
        return (0..<x.count).flatMap { output.elements(ofRow: $0) }
    }

    private static func packed(_ w: [[Float]], _ format: ProductFormat) -> PackedMatrix? {
        let words = PackedMatrix.wordCount(rows: w.count, columns: w[0].count, format: format)
        guard let arena = try? WeightArena(capacity: WeightArena.capacity(for: [words])),
            let offset = try? arena.reserve(words)
        else { return nil }
        let weights = PackedMatrix(
            arena, offset: offset, rows: w.count, columns: w[0].count, format: format)
        for panel in 0..<weights.panelCount {
            weights.pack(Array(w[weights.outputs(ofPanel: panel)].joined()).span, asPanel: panel)
        }
        return weights
    }

    /// A number in −1…1 that depends on `index` alone.
    private static func sample(_ index: Int) -> Float {
        var bits = UInt64(truncatingIfNeeded: index) &* 0x9E37_79B9_7F4A_7C15
        bits ^= bits >> 29
        bits &*= 0xBF58_476D_1CE4_E5B9
        return Float(Int32(truncatingIfNeeded: bits >> 32)) * 0x1p-31
    }
}
