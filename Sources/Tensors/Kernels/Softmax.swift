// SPDX-License-Identifier: MIT
internal import CVectorKernels

/// Replaces every row of `x` by its softmax, `e^(x − max x) / Σ e^(x − max x)`.
///
/// Subtracting the largest element keeps every exponent at or below zero, so nothing overflows and the sum is at
/// least 1. Attention calls the same kernel on its squares of scores.
package func softmaxRows(_ x: inout Matrix) {
    for row in 0..<x.rows {
        // Safe: the row lies inside the matrix, which is held inout.
        unsafe vector_softmax(x.base + row * x.columns, x.columns)
    }
}

/// Replaces the first `visible` of `count` scores by their softmax and the others by zero.
///
/// What a mask of −∞ gives, without computing what it hides.
@unsafe func softmaxVisible(_ scores: UnsafeMutablePointer<Float>, _ count: Int, _ visible: Int) {
    unsafe vector_softmax(scores, visible)
    unsafe (scores + visible).update(repeating: 0, count: count - visible)
}
