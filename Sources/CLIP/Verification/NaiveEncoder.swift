// SPDX-License-Identifier: MIT
internal import Checkpoints
internal import Foundation
internal import Tensors

/// The layers that both towers are made of, written out: loops over arrays, every sum in double precision.
struct NaiveEncoder {
    let file: SafetensorsFile
    let width: Int
    let headCount: Int
    let activation: Activation
    /// Whether a token sees only itself and those before it.
    var isCausal = false

    /// One row of numbers for each token.
    typealias Rows = [[Double]]

    /// Encoder layer `index` of the tower `name`.
    func layer(_ index: Int, of name: String, _ input: Rows) throws(WeightError) -> Rows {
        let layer = "\(name).encoder.layers.\(index)"
        let x = add(input, try attention(layerNorm(input, "\(layer).layer_norm1"), "\(layer).self_attn"))
        return add(x, try mlp(layerNorm(x, "\(layer).layer_norm2"), "\(layer).mlp"))
    }

    func layerNorm(_ x: Rows, _ name: String) throws(WeightError) -> Rows {
        let gain = try values("\(name).weight")
        let bias = try values("\(name).bias")
        let epsilon = Double(VisionConfiguration.layerNormEpsilon)
        return x.map { row in
            let mean = row.reduce(0, +) / Double(row.count)
            let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(row.count)
            return row.indices.map {
                (row[$0] - mean) / (variance + epsilon).squareRoot() * gain[$0] + bias[$0]
            }
        }
    }

    private func attention(_ x: Rows, _ name: String) throws(WeightError) -> Rows {
        let query = try linear(x, "\(name).q_proj")
        let key = try linear(x, "\(name).k_proj")
        let value = try linear(x, "\(name).v_proj")
        let headWidth = width / headCount
        var context = Rows(repeating: Array(repeating: 0, count: width), count: x.count)
        for head in 0..<headCount {
            let channels = head * headWidth..<(head + 1) * headWidth
            for token in x.indices {
                let visible = isCausal ? x.startIndex..<token + 1 : x.indices
                let scores = visible.map { other in
                    channels.reduce(0) { $0 + query[token][$1] * key[other][$1] }
                        / Double(headWidth).squareRoot()
                }
                let weights = softmax(scores)
                for channel in channels {
                    context[token][channel] = visible.reduce(0) { $0 + weights[$1] * value[$1][channel] }
                }
            }
        }
        return try linear(context, "\(name).out_proj")
    }

    private func mlp(_ x: Rows, _ name: String) throws(WeightError) -> Rows {
        let hidden = try linear(x, "\(name).fc1").map { row in row.map(activate) }
        return try linear(hidden, "\(name).fc2")
    }

    // MARK: - Arithmetic

    private func activate(_ x: Double) -> Double {
        switch activation {
        case .quickGELU: x / (1 + exp(-1.702 * x))
        case .gelu: x / 2 * (1 + erf(x / 2.0.squareRoot()))
        }
    }

    private func softmax(_ scores: [Double]) -> [Double] {
        let largest = scores.max() ?? 0
        let powers = scores.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    func linear(_ x: Rows, _ name: String, hasBias: Bool = true) throws(WeightError) -> Rows {
        let weight = try values("\(name).weight")
        let outputs = weight.count / max(1, x[0].count)
        let bias = hasBias ? try values("\(name).bias") : Array(repeating: 0, count: outputs)
        return x.map { row in (0..<outputs).map { dot(weight, from: $0 * row.count, row) + bias[$0] } }
    }

    func dot(_ matrix: [Double], from start: Int, _ row: [Double]) -> Double {
        var sum = 0.0
        for index in row.indices { sum += matrix[start + index] * row[index] }
        return sum
    }

    private func add(_ a: Rows, _ b: Rows) -> Rows {
        zip(a, b).map { zip($0, $1).map(+) }
    }

    /// All elements of a tensor, or some of them.
    func values(_ name: String, elements: Range<Int>? = nil) throws(WeightError) -> [Double] {
        let tensor: StoredTensor
        do throws(SafetensorsError) {
            tensor = try file.tensor(name)
        } catch {
            throw .unreadable(error.description)
        }
        let elements = elements ?? 0..<tensor.elementCount
        var decoded = [Float](repeating: 0, count: elements.count)
        var span = decoded.mutableSpan
        tensor.decode(into: &span, elements: elements)
        return decoded.map(Double.init)
    }
}
