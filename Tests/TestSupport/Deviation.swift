// SPDX-License-Identifier: MIT

/// How far computed numbers are from expected ones, and where they are furthest.
package struct Deviation: CustomStringConvertible {
    /// Largest absolute difference; infinite where a number is not finite or the lengths differ.
    package let largest: Double
    /// Index of the largest difference.
    package let position: Int
    /// Euclidean norm of the expected numbers.
    package let norm: Double
    /// Cosine between the two.
    package let cosine: Double

    /// Compares `found` with `expected`.
    package init<Found: BinaryFloatingPoint, Expected: BinaryFloatingPoint>(
        _ found: [Found], from expected: [Expected]
    ) {
        var largest = found.count == expected.count ? 0.0 : .infinity
        var position = 0
        var dot = 0.0
        var squaresFound = 0.0
        var squaresExpected = 0.0
        for (index, pair) in zip(found, expected).enumerated() {
            let (a, b) = (Double(pair.0), Double(pair.1))
            let difference = (a - b).isFinite ? abs(a - b) : .infinity
            if difference > largest { (largest, position) = (difference, index) }
            dot += a * b
            squaresFound += a * a
            squaresExpected += b * b
        }
        self.largest = largest
        self.position = position
        norm = squaresExpected.squareRoot()
        cosine = dot / (squaresFound * squaresExpected).squareRoot()
    }

    /// Largest difference as a fraction of the expected norm.
    package var relativeToNorm: Double { largest / norm }

    package var description: String {
        "largest difference \(largest) at \(position), \(relativeToNorm) of the norm \(norm), cosine \(cosine)"
    }
}
