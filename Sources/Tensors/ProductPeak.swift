// SPDX-License-Identifier: MIT

/// What `cblas_sgemm` reaches on this machine when nothing holds it back: a large square product, its columns split
/// over the team as in the engine.
package struct ProductPeak: ~Copyable {
    private let a: Matrix
    private let b: ConstantMatrix
    private var c: Matrix
    private let team: ThreadTeam

    /// Operations of one product.
    package let floatingPointOperations: Double

    /// Prepares a product of `size` × `size` matrices.
    package init(size: Int = 2048, team: ThreadTeam) throws(WeightArenaError) {
        _ = BLAS.isSingleThreaded
        let arena = try WeightArena(capacity: size * size)
        arena.fill(0..<size * size) { span in
            for index in 0..<span.count { span[index] = Float(index % 512) / 512 }
        }
        a = Matrix(rows: size, columns: size)
        b = ConstantMatrix(arena, offset: 0, rows: size, columns: size)
        c = Matrix(rows: size, columns: size)
        self.team = team
        floatingPointOperations = 2 * Double(size) * Double(size) * Double(size)
    }

    /// Multiplies once.
    package mutating func run() {
        linearMap(a, b, bias: nil, .bias, into: &c, team: team)
    }
}
