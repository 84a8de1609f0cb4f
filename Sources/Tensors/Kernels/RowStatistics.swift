// SPDX-License-Identifier: MIT

/// `sums[k] ← sums[k] + row[k]²`.
package func addSquares(of row: Span<Float>, to sums: inout MutableSpan<Float>) {
    precondition(row.count == sums.count, "\(row.count) numbers for \(sums.count) sums")
    unsafe row.withUnsafeBufferPointer { row in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
            // Safe: both hold as many elements as were compared.
            for index in 0..<row.count { unsafe sums[index] += row[index] * row[index] }
        }
    }
}

/// `Σ row[k]² · squares[k]` and `Σ row[k] · shifts[k]`, in double precision.
package func weightedSums(
    of row: Span<Float>, squares: Span<Float>, shifts: Span<Float>
) -> (square: Double, shift: Double) {
    precondition(
        row.count == squares.count && row.count == shifts.count,
        "\(row.count) numbers for \(squares.count) and \(shifts.count) weights")
    // Four of each, so that an addition does not wait for the one before.
    var square = SIMD4<Float>.zero
    var shift = SIMD4<Float>.zero
    var index = 0
    while index + 4 <= row.count {
        // Safe: index + 4 is within all three.
        let x = four(row, index)
        square += x * x * four(squares, index)
        shift += x * four(shifts, index)
        index += 4
    }
    var sums = (Double(square.sum()), Double(shift.sum()))
    while index < row.count {
        sums.0 += Double(row[index] * row[index] * squares[index])
        sums.1 += Double(row[index] * shifts[index])
        index += 1
    }
    return sums
}

/// Multiplies every number by the factor of its place.
package func scale(_ row: inout MutableSpan<Float>, by factors: Span<Float>) {
    precondition(row.count == factors.count, "\(row.count) numbers, \(factors.count) factors")
    unsafe factors.withUnsafeBufferPointer { factors in
        unsafe row.withUnsafeMutableBufferPointer { row in
            // Safe: both hold as many elements as were compared.
            for index in 0..<row.count { unsafe row[index] *= factors[index] }
        }
    }
}

@inline(__always)
private func four(_ span: Span<Float>, _ index: Int) -> SIMD4<Float> {
    unsafe SIMD4(
        span[unchecked: index], span[unchecked: index + 1], span[unchecked: index + 2],
        span[unchecked: index + 3])
}
