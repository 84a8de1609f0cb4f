// SPDX-License-Identifier: MIT

/// Compares the linked `cblas_sgemm` with a product written out, on small odd sizes.
///
/// Builds of OpenBLAS before 0.3.22 are known to choose kernels that compute wrong results on some processors. The
/// sizes leave remainders in every blocking of rows, columns and depth, and one product adds to what is there.
package struct BLASSelfCheck {
    /// Row-major `c ← a · bᵀ + keep · c`.
    package typealias Product = (
        _ a: borrowing Matrix, _ b: borrowing Matrix, _ keep: Float, _ c: inout Matrix
    ) -> Void

    /// Rows, columns and depth of the products compared.
    static let sizes = [(1, 1, 1), (7, 13, 5), (37, 53, 71), (50, 67, 129), (65, 19, 385)]

    /// Checks the linked library.
    ///
    /// - Throws: ``BLASError/wrongProduct(core:worstError:bound:)``.
    /// - Complexity: A fraction of a millisecond.
    package static func run() throws(BLASError) {
        _ = BLAS.isSingleThreaded
        try run(core: BLAS.coreName) { a, b, keep, c in
            unsafe BLAS.multiply(
                a.base, a.columns, byTransposeOf: b.base, b.columns, into: c.base, c.columns,
                m: a.rows, n: b.rows, k: a.columns, keep: keep, clock: nil)
        }
    }

    /// Checks any product; the tests pass wrong ones.
    package static func run(core: String, product: Product) throws(BLASError) {
        for (m, n, k) in sizes {
            var a = Matrix(rows: m, columns: k)
            var b = Matrix(rows: n, columns: k)
            for row in 0..<m { for column in 0..<k { a[row, column] = value(row, column, 3) } }
            for row in 0..<n { for column in 0..<k { b[row, column] = value(row, column, 5) } }
            for keep: Float in [0, 1] {
                var c = Matrix(rows: m, columns: n)
                for row in 0..<m { for column in 0..<n { c[row, column] = value(row, column, 11) } }
                product(a, b, keep, &c)
                try compare(c, with: a, b, keep: keep, core: core)
            }
        }
    }

    /// Small numbers without a pattern that a wrong index could hit by luck; exactly representable.
    private static func value(_ row: Int, _ column: Int, _ salt: Int) -> Float {
        let mixed = (row &* 7919 &+ column &* 104_729 &+ salt &* 1_299_709) % 509
        return Float(mixed - 254) / 256
    }

    private static func compare(
        _ c: borrowing Matrix, with a: borrowing Matrix, _ b: borrowing Matrix, keep: Float, core: String
    ) throws(BLASError) {
        for row in 0..<c.rows {
            for column in 0..<c.columns {
                var sum = Double(keep) * Double(value(row, column, 11))
                var magnitude = abs(sum)
                for inner in 0..<a.columns {
                    let term = Double(a[row, inner]) * Double(b[column, inner])
                    sum += term
                    magnitude += abs(term)
                }
                // γ(k) = k·u bounds any order of k additions and products; the factor 2 covers the last rounding.
                let bound = 2 * Double(a.columns + 1) * Double(Float.ulpOfOne) / 2 * magnitude + 1e-30
                let error = abs(Double(c[row, column]) - sum)
                guard error <= bound else { throw .wrongProduct(core: core, worstError: error, bound: bound) }
            }
        }
    }
}

/// Why the linked BLAS cannot be used.
package enum BLASError: Error, Equatable, Sendable {
    /// A product differs from the written-out sum by more than rounding explains.
    case wrongProduct(core: String, worstError: Double, bound: Double)
}

extension BLASError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongProduct(let core, let worstError, let bound):
            """
            cblas_sgemm with the kernels '\(core)' is wrong by \(worstError) where rounding allows \(bound): this \
            build of OpenBLAS does not fit this processor. Set OPENBLAS_CORETYPE to an older kernel \
            (Haswell on x86-64, ARMV8 on arm64) and start again, or install a newer OpenBLAS.
            """
        }
    }
}
