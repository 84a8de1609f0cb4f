// SPDX-License-Identifier: MIT

/// A row of a product's factor, rounded as a format says: the naive twin of the packing in `CGEMMKernels`.
package struct RoundedFactor {
    /// What the rounded numbers stand for.
    package let values: [Double]

    /// Activations: in 8 bits, 256 steps over the row's range, which always includes 0; in 16, up to 1023 steps up to the
    /// largest magnitude.
    package init(activations row: [Float], _ format: ProductFormat) {
        switch format {
        case .fp32: values = row.map(Double.init)
        case .bf16: values = row.map(Self.bf16)
        case .int8:
            let low = min(row.min() ?? 0, 0)
            let range = max(row.max() ?? 0, 0) - low
            let inverse = range > 0 ? 255 / range : 0
            let zero = (-low * inverse + 0.5).rounded(.towardZero)
            let scale = Double(range / 255)
            values = row.map { value in
                let product = value * inverse
                let q = min(max(product.rounded(.toNearestOrEven) + zero, 0), 255)
                return Double(q - zero) * scale
            }
        case .int16:
            // The largest for which 31 bits hold every sum of products with 12-bit weights.
            let padded = format.paddedDepth(row.count)
            values = Self.symmetric(row, limit: Float(min(1023, Int(Int32.max) / (2047 * padded))))
        }
    }

    /// Weights of one output: in integers, 127 or 2047 steps up to the largest magnitude; in 8 bits fewer where two
    /// neighbours would add up to more than 128 steps.
    package init(weights row: [Float], _ format: ProductFormat) {
        switch format {
        case .fp32: values = row.map(Double.init)
        case .bf16: values = row.map(Self.bf16)
        case .int8: values = Self.symmetric(row, limit: 127, atLeast: Self.largestPair(row) * (127 / 127.5))
        case .int16: values = Self.symmetric(row, limit: 2047)
        }
    }

    /// The largest magnitude of a sum of depths 2 i and 2 i + 1.
    private static func largestPair(_ row: [Float]) -> Float {
        stride(from: 0, to: row.count - 1, by: 2).reduce(0) { max($0, abs(row[$1] + row[$1 + 1])) }
    }

    /// Rounded to −limit…limit steps of the largest magnitude, or of `least` where that is more.
    private static func symmetric(_ row: [Float], limit: Float, atLeast least: Float = 0) -> [Double] {
        let largest = row.reduce(least) { max($0, abs($1)) }
        let inverse = largest > 0 ? limit / largest : 0
        let scale = Double(largest / limit)
        return row.map { value in
            let product = value * inverse
            return Double(min(max(product.rounded(.toNearestOrEven), -limit), limit)) * scale
        }
    }

    /// Σ x w and Σ |x| |w| in double precision.
    package func product(_ other: RoundedFactor) -> (sum: Double, magnitude: Double) {
        var sum = 0.0
        var magnitude = 0.0
        for index in values.indices {
            let term = values[index] * other.values[index]
            sum += term
            magnitude += abs(term)
        }
        return (sum, magnitude)
    }

    /// The nearest bfloat16, ties to even.
    private static func bf16(_ value: Float) -> Double {
        let bits = value.bitPattern
        return Double(Float(bitPattern: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) & 0xFFFF_0000))
    }
}
