// SPDX-License-Identifier: MIT
internal import Foundation
internal import Synchronization
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
final class LayerScales: Sendable {
    /// Which channels.
    enum Channels: Sendable {
        /// Inputs of queries and keys.
        case queryKeyInput
        /// Inputs of values: the same channels, read by other weights.
        case valueInput
        /// Values of all heads, which are the inputs of the attention's output map.
        case values
        /// Inputs of the MLP.
        case mlpInput
        /// The MLP's hidden layer.
        case hidden
    }

    /// The tensors that scales are predicted from, as they are in the file.
    struct Sources: Sendable {
        let norm1: (gain: StoredTensor, bias: StoredTensor)
        let queriesAndKeys: [StoredTensor]
        let value: (weight: StoredTensor, bias: StoredTensor)
        let output: StoredTensor
        let norm2: (gain: StoredTensor, bias: StoredTensor)
        let expansion: (weight: StoredTensor, bias: StoredTensor)
        let contraction: StoredTensor
    }

    private let sources: Sources
    private let scales = Mutex<[Channels: [Float]]>([:])

    init(_ sources: Sources) {
        self.sources = sources
    }

    /// The scales of `channels`; `computeAttention` and `computeMLP` come before.
    func values(_ channels: Channels) -> [Float] { scales.withLock { $0[channels] ?? [] } }

    /// Predicts the scales around the attention.
    func computeAttention() {
        let values = MapStatistics(sources.value.weight, after: sources.norm1)
        let readers = MapStatistics(sources.output, after: nil)
        let bias = sources.value.bias.decoded()
        let magnitudes = values.outputs.indices.map {
            (values.outputs[$0].variance + pow(values.outputs[$0].mean + Double(bias[$0]), 2)).squareRoot()
        }
        let askers = sources.queriesAndKeys.map { MapStatistics($0, after: nil).inputSquares }
        let together = values.inputSquares.indices.map { index in
            (askers.reduce(0) { $0 + $1[index] * $1[index] } / Double(askers.count)).squareRoot()
        }
        let input = Self.magnitudes(sources.norm1)
        set(.queryKeyInput, input, together)
        set(.valueInput, input, values.inputSquares)
        set(.values, magnitudes, readers.inputSquares)
    }

    /// Predicts the scales around the MLP.
    func computeMLP() {
        let expansion = MapStatistics(sources.expansion.weight, after: sources.norm2)
        let readers = MapStatistics(sources.contraction, after: nil)
        let bias = sources.expansion.bias.decoded()
        let magnitudes = expansion.outputs.indices.map {
            // What an activation lets through of a number two deviations above its mean; at least its dip below 0.
            let high =
                expansion.outputs[$0].mean + Double(bias[$0]) + 2
                * expansion.outputs[$0].variance.squareRoot()
            return max(high / (1 + exp(-1.702 * high)), 0.17)
        }
        set(.mlpInput, Self.magnitudes(sources.norm2), expansion.inputSquares)
        set(.hidden, magnitudes, readers.inputSquares)
    }

    private func set(_ channels: Channels, _ magnitudes: [Double], _ readers: [Double]) {
        let logarithms = zip(magnitudes, readers).map { 0.5 * log(max($0, 1e-6) / max($1, 1e-6)) }
        let mean = logarithms.reduce(0, +) / Double(max(1, logarithms.count))
        let values = logarithms.map { Float(exp($0 - mean)) }
        // Damaged weights must stay visible in the embedding, not hide behind a scale of NaN that is compared away.
        scales.withLock { $0[channels] = values.map { $0.isFinite && $0 > 0 ? $0 : 1 } }
    }

    private static func magnitudes(_ norm: (gain: StoredTensor, bias: StoredTensor)) -> [Double] {
        zip(norm.gain.decoded(), norm.bias.decoded()).map { Double(abs($0) + abs($1)) }
    }
}

/// Root mean squares of a map's weights by input, and mean and variance of its outputs by output.
private struct MapStatistics {
    private(set) var inputSquares: [Double]
    private(set) var outputs: [(mean: Double, variance: Double)] = []

    /// Reads `weight` once; `norm` is the LayerNorm whose output the map reads, nil where the outputs are not asked for.
    init(_ weight: StoredTensor, after norm: (gain: StoredTensor, bias: StoredTensor)?) {
        let (rows, columns) = (weight.shape[0], weight.shape[1])
        let squares = norm?.gain.decoded().map { $0 * $0 } ?? []
        let shifts = norm?.bias.decoded() ?? []
        var sums = [Float](repeating: 0, count: columns)
        var row = [Float](repeating: 0, count: columns)
        for index in 0..<rows {
            var span = row.mutableSpan
            weight.decode(into: &span, elements: index * columns..<(index + 1) * columns)
            var target = sums.mutableSpan
            addSquares(of: row.span, to: &target)
            if index % 64 == 63 || index == rows - 1 {
                weight.discardPages(ofElements: index / 64 * 64 * columns..<(index + 1) * columns)
            }
            guard norm != nil else { continue }
            let sum = weightedSums(of: row.span, squares: squares.span, shifts: shifts.span)
            outputs.append((sum.shift, sum.square))
        }
        inputSquares = sums.map { (Double($0) / Double(rows)).squareRoot() }
    }
}
