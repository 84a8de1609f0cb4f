// SPDX-License-Identifier: MIT
internal import CSearchKernels

/// A vector that others are compared with: as it is, and rounded to 15-bit integers.
package struct VectorQuery: Sendable {
    /// The vector as it is, of any length but zero.
    package let values: [Float]
    /// The sum of its squares.
    let squaredNorm: Double
    /// The vector of length 1.
    let unit: [Double]
    /// Width of one integer of ``whole``; `unit` is about step · whole.
    let step: Double
    /// Length of the difference between `unit` and step · whole.
    let roundingError: Double
    /// The integers, padded with zeros to a multiple of 64.
    let whole: [Int16]
    /// whole = 128 · high + low.
    let high: [Int8]
    let low: [Int8]

    /// The largest integer: 128 · 127 + 63, and so small that no sum of products with codes passes 2³¹.
    private static func largest(_ dimension: Int) -> Double {
        Double(min(16_319, 2_000_000_000 / 127 / dimension))
    }

    /// - Returns: nil for a vector without a direction: a number that is not finite, or zeros only.
    package init?(_ values: [Float]) {
        guard Self.hasDirection(values) else { return nil }
        let squaredNorm = Self.squaredNorm(of: values)
        let norm = squaredNorm.squareRoot()
        let unit = values.map { Double($0) / norm }
        let step = (unit.lazy.map(\.magnitude).max() ?? 0) / Self.largest(values.count)
        let padded = VectorBlock.stride(of: values.count)
        var whole = unit.map { Int16(($0 / step).rounded()) }
        roundingError = zip(unit, whole).reduce(0) { sum, pair in
            let error = pair.0 - step * Double(pair.1)
            return sum + error * error
        }.squareRoot()
        whole += Array(repeating: 0, count: padded - values.count)
        self.values = values
        self.squaredNorm = squaredNorm
        self.unit = unit
        self.step = step
        self.whole = whole
        let low = whole.map { Int8(($0 + 64) & 127 - 64) }
        self.low = low
        high = zip(whole, low).map { Int8(($0 - Int16($1)) / 128) }
    }

    /// Whether a vector can be compared: its length is neither 0 nor beyond the range of numbers.
    package static func hasDirection(_ values: [Float]) -> Bool {
        let squaredNorm = squaredNorm(of: values)
        return squaredNorm > 0 && squaredNorm.isFinite
    }

    static func squaredNorm(of values: [Float]) -> Double {
        // Safe: both pointers are to the same array.
        unsafe values.withUnsafeBufferPointer { values in
            guard let base = values.baseAddress else { return 0 }
            return unsafe search_dot(base, base, values.count)
        }
    }
}
