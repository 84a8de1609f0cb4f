// SPDX-License-Identifier: MIT
import Checkpoints
import Foundation
import SystemPackage
import Tensors
import TestSupport

import CLIP

/// A vision tower with random weights of any dimensions, written to a temporary file as a real checkpoint.
struct RandomCheckpoint {
    let file: SafetensorsFile
    let configuration: VisionConfiguration

    init(_ configuration: VisionConfiguration, seed: UInt64) throws {
        let path = FilePath(NSTemporaryDirectory()).appending("afterimage-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(atPath: path.string) }
        var random = SeededGenerator(seed: seed)
        var writer = try SafetensorsWriter(
            creating: path,
            tensors: Self.shapes(configuration).map { TensorDeclaration(name: $0, elementType: .float32, shape: $1) },
            metadata: ["vision_heads": "\(configuration.headCount)", "activation": configuration.activation.rawValue])
        for tensor in writer.tensors {
            // Gains around 1, everything else small enough for a healthy residual stream.
            let isGain = tensor.name.hasSuffix("norm1.weight") || tensor.name.hasSuffix("norm2.weight")
                || tensor.name.hasSuffix("norm.weight") || tensor.name.hasSuffix("rnorm.weight")
            let values = random.floats(tensor.shape.reduce(1, *), isGain ? 0.5 : 0.15).map { isGain ? 1 + $0 : $0 }
            try writer.append(values.span, to: tensor.name)
        }
        try writer.finish()
        file = try SafetensorsFile(opening: path)
        self.configuration = configuration
    }

    private static func shapes(_ c: VisionConfiguration) -> [(String, [Int])] {
        var shapes: [(String, [Int])] = [
            ("vision_model.embeddings.class_embedding", [c.width]),
            ("vision_model.embeddings.patch_embedding.weight", [c.width, 3, c.patchSize, c.patchSize]),
            ("vision_model.embeddings.position_embedding.weight", [c.tokenCount, c.width]),
            ("visual_projection.weight", [c.projectionDimension, c.width]),
        ]
        for norm in ["pre_layrnorm", "post_layernorm"] {
            shapes += [("vision_model.\(norm).weight", [c.width]), ("vision_model.\(norm).bias", [c.width])]
        }
        for index in 0..<c.layerCount {
            let layer = "vision_model.encoder.layers.\(index)"
            for name in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                shapes += [("\(layer).self_attn.\(name).weight", [c.width, c.width]), ("\(layer).self_attn.\(name).bias", [c.width])]
            }
            for norm in ["layer_norm1", "layer_norm2"] {
                shapes += [("\(layer).\(norm).weight", [c.width]), ("\(layer).\(norm).bias", [c.width])]
            }
            shapes += [
                ("\(layer).mlp.fc1.weight", [c.mlpWidth, c.width]), ("\(layer).mlp.fc1.bias", [c.mlpWidth]),
                ("\(layer).mlp.fc2.weight", [c.width, c.mlpWidth]), ("\(layer).mlp.fc2.bias", [c.width]),
            ]
        }
        return shapes
    }
}
