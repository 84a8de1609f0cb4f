// SPDX-License-Identifier: MIT

/// A row of a product's factor, rounded as a precision says: the naive twin of the packing in `CGEMMKernels`.
package struct RoundedFactor {
    /// What the rounded numbers stand for.
    package let values: [Double]

    /// Activations: in 8 bits, 256 steps over the row's range, which always includes 0.
    package init(activations row: [Float], _ precision: Precision) {
        switch precision {
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
        }
    }

    /// Weights of one output: in 8 bits, 127 steps up to the largest magnitude.
    package init(weights row: [Float], _ precision: Precision) {
        switch precision {
        case .fp32: values = row.map(Double.init)
        case .bf16: values = row.map(Self.bf16)
        case .int8:
            let largest = row.reduce(0) { max($0, abs($1)) }
            let inverse = largest > 0 ? 127 / largest : 0
            let scale = Double(largest / 127)
            values = row.map { value in
                let product = value * inverse
                return Double(min(max(product.rounded(.toNearestOrEven), -127), 127)) * scale
            }
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
