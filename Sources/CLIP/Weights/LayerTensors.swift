// SPDX-License-Identifier: MIT
internal import Checkpoints
internal import Tensors

/// The tensors of an encoder layer that its rounding is decided from, as they are in the file.
struct LayerTensors: Sendable {
    let norm1: LayerNormTensors
    let query, key, value: Map
    let output: StoredTensor
    let norm2: LayerNormTensors
    let expansion: Map
    let contraction: StoredTensor

    /// The tensors of a linear map.
    struct Map: Sendable {
        let weight: StoredTensor
        let bias: StoredTensor

        init(
            _ file: SafetensorsFile, at path: String, outputs: Int, inputs: Int
        ) throws(WeightError) {
            weight = try file.weights("\(path).weight", shape: [outputs, inputs])
            bias = try file.weights("\(path).bias", shape: [outputs])
        }
    }

    /// - Throws: ``WeightError`` naming the first tensor that is missing or does not fit.
    init(
        _ file: SafetensorsFile, at path: String, _ configuration: some EncoderConfiguration
    ) throws(WeightError) {
        let (width, mlpWidth) = (configuration.width, configuration.mlpWidth)
        let attention = "\(path).self_attn"
        norm1 = try LayerNormTensors(file, at: "\(path).layer_norm1", width: width)
        query = try Map(file, at: "\(attention).q_proj", outputs: width, inputs: width)
        key = try Map(file, at: "\(attention).k_proj", outputs: width, inputs: width)
        value = try Map(file, at: "\(attention).v_proj", outputs: width, inputs: width)
        output = try file.weights("\(attention).out_proj.weight", shape: [width, width])
        norm2 = try LayerNormTensors(file, at: "\(path).layer_norm2", width: width)
        expansion = try Map(file, at: "\(path).mlp.fc1", outputs: mlpWidth, inputs: width)
        contraction = try file.weights("\(path).mlp.fc2.weight", shape: [width, mlpWidth])
    }
}

/// The tensors of a LayerNorm as they are in the file.
struct LayerNormTensors: Sendable {
    let gain: StoredTensor
    let bias: StoredTensor

    init(_ file: SafetensorsFile, at path: String, width: Int) throws(WeightError) {
        gain = try file.weights("\(path).weight", shape: [width])
        bias = try file.weights("\(path).bias", shape: [width])
    }
}
