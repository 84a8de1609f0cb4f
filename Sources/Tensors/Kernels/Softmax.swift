// SPDX-License-Identifier: MIT

/// `x ← e^(x − max x) / Σ e^(x − max x)` over `count` elements, in place.
///
/// Subtracting the largest element keeps every exponent at or below zero, so nothing overflows and the sum is at
/// least 1.
@inline(__always)
func softmax(_ x: UnsafeMutablePointer<Float>, count: Int) {
    let vectorEnd = count - count % 8
    let rest = count - vectorEnd

    // Pass 1: the largest element. Smaller than any finite padding changes nothing.
    var largest = Lanes(repeating: -.greatestFiniteMagnitude)
    for index in stride(from: 0, to: vectorEnd, by: 8) { unsafe largest = larger(largest, x.lanes(index)) }
    unsafe largest = larger(largest, x.lanes(vectorEnd, count: rest, padding: -.greatestFiniteMagnitude))
    let maximum = largest.max()

    // Pass 2: exponentials and their sum.
    var sums = Lanes.zero
    for index in stride(from: 0, to: vectorEnd, by: 8) {
        let value = unsafe exponential(x.lanes(index) - maximum)
        unsafe x.store(value, at: index)
        sums += value
    }
    var sum = sums.sum()
    if rest > 0 {
        let value = unsafe exponential(x.lanes(vectorEnd, count: rest) - maximum)
        unsafe x.store(value, at: vectorEnd, count: rest)
        for lane in 0..<rest { sum += value[lane] }
    }

    // Pass 3: normalise.
    let scale = 1 / sum
    for index in stride(from: 0, to: vectorEnd, by: 8) { unsafe x.store(x.lanes(index) * scale, at: index) }
    for index in vectorEnd..<count { unsafe x[index] *= scale }
}

/// Replaces every row of `x` by its softmax; for tests and callers outside of attention.
package func softmaxRows(_ x: inout Matrix) {
    for row in 0..<x.rows {
        // Safe: the row lies inside the matrix, which is held inout.
        unsafe softmax(x.base + row * x.columns, count: x.columns)
    }
}
