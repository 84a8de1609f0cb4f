// SPDX-License-Identifier: MIT
internal import Tensors

/// How sharply the heads of an attention choose, predicted from the weights of queries and keys.
///
/// Rounding moves a score by a share of what scores differ by, and the softmax multiplies a weight by e to that. So
/// queries and keys of heads whose scores differ much must be rounded less than those of the others.
///
/// The prediction of a head is the standard deviation of its scores over tokens, `|q| · |k − mean k| / headWidth`: the
/// lengths follow from the LayerNorm before and the weights, with directions as independent as they are in general.
struct HeadSharpness {
    /// Predicted standard deviation of each head's scores.
    let deviations: [Double]

    /// Heads that differ by more are sharp.
    ///
    /// Measured: docs/decisions/0008-packed-products.md.
    static let limit = 4.0

    init(queries: MapStatistics, keys: MapStatistics, headCount: Int) {
        let headWidth = queries.outputs.count / headCount
        deviations = (0..<headCount).map { head in
            let outputs = head * headWidth..<(head + 1) * headWidth
            let length = outputs.reduce(0) {
                $0 + queries.outputs[$1].variance + queries.outputs[$1].mean * queries.outputs[$1].mean
            }
            // What all keys share moves all scores of a query alike, which a softmax does not see.
            let spread = outputs.reduce(0) { $0 + keys.outputs[$1].variance }
            return (length * spread).squareRoot() / Double(headWidth)
        }
    }

    /// The sharp heads, in order.
    ///
    /// A head whose prediction is not a number counts as sharp.
    var sharpHeads: [Int] { deviations.indices.filter { !(deviations[$0] <= Self.limit) } }
}
