// SPDX-License-Identifier: MIT
package import Checkpoints
internal import Foundation
package import Imaging
internal import Tensors

/// The vision tower written out: loops over arrays, every sum in double precision, no BLAS, no batching.
///
/// The twin of ``VisionTransformer``: it shares no kernel with it, so what both compute is right or both are wrong in
/// the same way for different reasons. `afterimage weights verify` and the tests hold the fast one against it.
///
/// Takes several seconds an image for ViT-B/32.
package struct NaiveVisionTransformer {
    private let file: SafetensorsFile
    private let configuration: VisionConfiguration

    /// Prepares a tower over `file`; tensors are read when they are used.
    package init(_ file: SafetensorsFile) throws(WeightError) {
        self.file = file
        configuration = try VisionConfiguration(of: file)
    }

    /// One row of numbers for each token.
    package typealias Rows = [[Double]]

    /// The residual stream after the embeddings (index 0) and after each layer, then the embedding.
    package struct Trace {
        /// Residual streams, `[layers + 1][tokens][width]`.
        package var residuals: [Rows] = []
        /// The raw projection, `[projectionDimension]`.
        package var embedding: [Double] = []
    }

    /// Computes one image, `[3, imageSize, imageSize]`.
    package func callAsFunction(_ image: PixelTensor) throws(WeightError) -> Trace {
        var trace = Trace()
        var x = try layerNorm(embeddings(of: image), "vision_model.pre_layrnorm")
        trace.residuals.append(x)
        for index in 0..<configuration.layerCount {
            let layer = "vision_model.encoder.layers.\(index)"
            x = add(x, try attention(layerNorm(x, "\(layer).layer_norm1"), "\(layer).self_attn"))
            x = add(x, try mlp(layerNorm(x, "\(layer).layer_norm2"), "\(layer).mlp"))
            trace.residuals.append(x)
        }
        let pooled = try layerNorm([x[0]], "vision_model.post_layernorm")
        trace.embedding = try linear(pooled, "visual_projection", hasBias: false)[0]
        return trace
    }

    // MARK: - Layers

    private func embeddings(of image: PixelTensor) throws(WeightError) -> Rows {
        let patchSize = configuration.patchSize
        let side = configuration.imageSize
        let grid = configuration.gridSize
        let filters = try values("vision_model.embeddings.patch_embedding.weight")
        let positions = try values("vision_model.embeddings.position_embedding.weight")
        var rows: Rows = [try values("vision_model.embeddings.class_embedding")]
        for patch in 0..<grid * grid {
            var pixels: [Double] = []
            for channel in 0..<VisionConfiguration.channelCount {
                for y in 0..<patchSize {
                    for x in 0..<patchSize {
                        let line = channel * side + patch / grid * patchSize + y
                        pixels.append(Double(image.values[line * side + patch % grid * patchSize + x]))
                    }
                }
            }
            rows.append((0..<configuration.width).map { dot(filters, from: $0 * pixels.count, pixels) })
        }
        return rows.enumerated().map { token, row in
            row.enumerated().map { $1 + positions[token * configuration.width + $0] }
        }
    }

    private func layerNorm(_ x: Rows, _ name: String) throws(WeightError) -> Rows {
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
        let headWidth = configuration.width / configuration.headCount
        var context = Rows(repeating: Array(repeating: 0, count: configuration.width), count: x.count)
        for head in 0..<configuration.headCount {
            let channels = head * headWidth..<(head + 1) * headWidth
            for token in x.indices {
                let scores = x.indices.map { other in
                    channels.reduce(0) { $0 + query[token][$1] * key[other][$1] }
                        / Double(headWidth).squareRoot()
                }
                let weights = softmax(scores)
                for channel in channels {
                    context[token][channel] = x.indices.reduce(0) { $0 + weights[$1] * value[$1][channel] }
                }
            }
        }
        return try linear(context, "\(name).out_proj")
    }

    private func mlp(_ x: Rows, _ name: String) throws(WeightError) -> Rows {
        let hidden = try linear(x, "\(name).fc1").map { row in row.map(activation) }
        return try linear(hidden, "\(name).fc2")
    }

    // MARK: - Arithmetic

    private func activation(_ x: Double) -> Double {
        switch configuration.activation {
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

    private func linear(_ x: Rows, _ name: String, hasBias: Bool = true) throws(WeightError) -> Rows {
        let weight = try values("\(name).weight")
        let outputs = weight.count / max(1, x[0].count)
        let bias = hasBias ? try values("\(name).bias") : Array(repeating: 0, count: outputs)
        return x.map { row in (0..<outputs).map { dot(weight, from: $0 * row.count, row) + bias[$0] } }
    }

    private func dot(_ matrix: [Double], from start: Int, _ row: [Double]) -> Double {
        var sum = 0.0
        for index in row.indices { sum += matrix[start + index] * row[index] }
        return sum
    }

    private func add(_ a: Rows, _ b: Rows) -> Rows {
        zip(a, b).map { zip($0, $1).map(+) }
    }

    private func values(_ name: String) throws(WeightError) -> [Double] {
        let tensor: StoredTensor
        do throws(SafetensorsError) {
            tensor = try file.tensor(name)
        } catch {
            throw .unreadable(error.description)
        }
        var decoded = [Float](repeating: 0, count: tensor.elementCount)
        var span = decoded.mutableSpan
        tensor.decode(into: &span, elements: 0..<tensor.elementCount)
        return decoded.map(Double.init)
    }
}
