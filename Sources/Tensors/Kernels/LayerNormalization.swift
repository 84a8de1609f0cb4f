// SPDX-License-Identifier: MIT
internal import CVectorKernels

/// `y ← gain · (x − mean) / √(variance + ε) + bias`, for every row on its own.
///
/// The variance is the mean of the squared distances from the mean, found in a second pass over the row: the
/// textbook difference of moments cancels when one channel is a hundred times larger than the others, as in
/// trained transformers.
///
/// Source: Ba, Kiros and Hinton 2016, equation 4; `torch.nn.LayerNorm`.
///
/// - Parameters:
///   - x: Input, `[rows, width]`.
///   - gain: `[width]`.
///   - bias: `[width]`.
///   - epsilon: ε; 1e-5 in CLIP.
///   - y: Output, `[rows, width]`; takes as many rows into use as `x` has.
///   - team: Threads that share the rows.
/// - Complexity: O(rows · width). Allocates nothing.
package func layerNormalization(
    _ x: borrowing Matrix, gain: ConstantVector, bias: ConstantVector, epsilon: Float, into y: inout Matrix,
    team: borrowing ThreadTeam
) {
    precondition(x.columns == gain.count && x.columns == bias.count, "gain and bias do not fit \(x.shape)")
    precondition(y.columns == x.columns, "output is \(y.shape), expected \(x.shape)")
    y.useRows(x.rows)
    // Safe: the shapes were checked, and every pointer's owner outlives the call.
    unsafe team.perform(
        LayerNormalizationJob(
            x: UnsafePointer(x.base), gain: gain.base, bias: bias.base, y: y.base, rows: x.rows,
            width: x.columns,
            epsilon: epsilon))
}

/// ``layerNormalization(_:gain:bias:epsilon:into:team:)`` in place.
package func layerNormalization(
    inPlace x: inout Matrix, gain: ConstantVector, bias: ConstantVector, epsilon: Float,
    team: borrowing ThreadTeam
) {
    precondition(x.columns == gain.count && x.columns == bias.count, "gain and bias do not fit \(x.shape)")
    // Safe: as above; a row is read completely before the first of its elements is written in the last pass.
    unsafe team.perform(
        LayerNormalizationJob(
            x: UnsafePointer(x.base), gain: gain.base, bias: bias.base, y: x.base, rows: x.rows,
            width: x.columns,
            epsilon: epsilon))
}

@safe private struct LayerNormalizationJob: TeamJob {
    let x, gain, bias: UnsafePointer<Float>
    let y: UnsafeMutablePointer<Float>
    let rows, width: Int
    let epsilon: Float

    func run(as member: TeamMember) {
        for row in member.share(of: rows) {
            unsafe vector_layer_norm(x + row * width, gain, bias, epsilon, y + row * width, width)
        }
    }
}
