// SPDX-License-Identifier: MIT
internal import Foundation
internal import Tensors

/// How much the channels of an encoder layer's activations differ in size, predicted from its weights.
///
/// In integers all channels of a token share one step, and the largest of them sets it; in trained transformers a few
/// channels are a hundred times larger than the rest. So a channel's numbers are divided by a scale, and the weights
/// that read them are multiplied by it, which changes nothing but the rounding. A scale is
///
///     s = √(expected magnitude of the channel / root mean square of the weights that read it)
///
/// divided by the geometric mean of its kind. The magnitudes follow from the file alone: a LayerNorm's output has
/// magnitude |gain| + |bias|, a linear map of it the root of the sum of its squared weights.
///
/// Source: Xiao et al. 2023 (SmoothQuant), equation 4 with α = ½, magnitudes predicted in place of calibrated.
struct LayerScales: Sendable {
    /// Inputs of the queries and keys of sharp heads; empty where there are none.
    let sharpInput: [Float]
    /// The same channels as read by all other queries and keys and by values.
    let input: [Float]
    /// Values of all heads, which are the inputs of the attention's output map.
    let values: [Float]
    /// Inputs of the MLP.
    let mlpInput: [Float]
    /// The MLP's hidden layer.
    let hidden: [Float]

    init(
        _ sources: LayerTensors, queries: MapStatistics, keys: MapStatistics, sharpHeads: [Int],
        headCount: Int
    ) {
        let value = MapStatistics(sources.value.weight, bias: sources.value.bias, after: sources.norm1)
        let input = Self.magnitudes(sources.norm1)
        let heads = (queries, keys)
        let others = (0..<headCount).filter { !sharpHeads.contains($0) }
        sharpInput =
            sharpHeads.isEmpty ? [] : Self.scales(input, read: Self.squares(heads, sharpHeads))
        // Queries, keys and values count alike, however few heads the first two are of.
        let readers =
            others.isEmpty
            ? value.inputMeanSquares()
            : zip(value.inputMeanSquares(), Self.squares(heads, others)).map { ($0 + 2 * $1) / 3 }
        self.input = Self.scales(input, read: readers)
        let output = MapStatistics(sources.output, after: nil)
        values = Self.scales(
            value.outputs.map { ($0.variance + $0.mean * $0.mean).squareRoot() },
            read: output.inputMeanSquares())
        let expansion = MapStatistics(
            sources.expansion.weight, bias: sources.expansion.bias, after: sources.norm2)
        mlpInput = Self.scales(Self.magnitudes(sources.norm2), read: expansion.inputMeanSquares())
        let contraction = MapStatistics(sources.contraction, after: nil)
        hidden = Self.scales(
            expansion.outputs.map(Self.activated), read: contraction.inputMeanSquares())
    }

    /// Mean squares of what reads the inputs of the queries and keys of `heads`.
    private static func squares(_ maps: (MapStatistics, MapStatistics), _ heads: [Int]) -> [Double] {
        zip(maps.0.inputMeanSquares(ofGroups: heads), maps.1.inputMeanSquares(ofGroups: heads))
            .map { ($0 + $1) / 2 }
    }

    /// What an activation lets through of a number two deviations above its mean; at least its dip below 0.
    private static func activated(_ output: (mean: Double, variance: Double)) -> Double {
        let high = output.mean + 2 * output.variance.squareRoot()
        return max(high / (1 + exp(-1.702 * high)), 0.17)
    }

    private static func scales(_ magnitudes: [Double], read squares: [Double]) -> [Float] {
        let logarithms = zip(magnitudes, squares).map {
            0.5 * log(max($0, 1e-6) / max($1.squareRoot(), 1e-6))
        }
        let mean = logarithms.reduce(0, +) / Double(max(1, logarithms.count))
        // Damaged weights must stay visible in the embedding, not hide behind a scale of NaN that is compared away.
        return logarithms.map { Float(exp($0 - mean)) }.map { $0.isFinite && $0 > 0 ? $0 : 1 }
    }

    private static func magnitudes(_ norm: LayerNormTensors) -> [Double] {
        zip(norm.gain.decoded(), norm.bias.decoded()).map { Double(abs($0) + abs($1)) }
    }
}

extension [Float] {
    /// What channels are multiplied with to be divided by these scales.
    var inverted: [Float] { map { 1 / $0 } }
}
