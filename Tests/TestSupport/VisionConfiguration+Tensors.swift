// SPDX-License-Identifier: MIT
package import CLIP

extension VisionConfiguration {
    /// Names and shapes of all tensors of a vision tower with these dimensions, as Hugging Face publishes them.
    package var tensorShapes: [(name: String, shape: [Int])] {
        var shapes: [(String, [Int])] = [
            ("vision_model.embeddings.class_embedding", [width]),
            ("vision_model.embeddings.patch_embedding.weight", [width, 3, patchSize, patchSize]),
            ("vision_model.embeddings.position_embedding.weight", [tokenCount, width]),
            ("visual_projection.weight", [projectionDimension, width]),
        ]
        for norm in ["pre_layrnorm", "post_layernorm"] {
            shapes += [("vision_model.\(norm).weight", [width]), ("vision_model.\(norm).bias", [width])]
        }
        for index in 0..<layerCount {
            shapes += EncoderShapes.layer(width: width, mlpWidth: mlpWidth).map {
                ("vision_model.encoder.layers.\(index).\($0)", $1)
            }
        }
        return shapes
    }
}

extension TextConfiguration {
    /// Names and shapes of all tensors of a text tower with these dimensions, as Hugging Face publishes them.
    package var tensorShapes: [(name: String, shape: [Int])] {
        var shapes: [(String, [Int])] = [
            ("text_model.embeddings.token_embedding.weight", [vocabularySize, width]),
            ("text_model.embeddings.position_embedding.weight", [contextLength, width]),
            ("text_model.final_layer_norm.weight", [width]), ("text_model.final_layer_norm.bias", [width]),
            ("text_projection.weight", [projectionDimension, width]),
        ]
        for index in 0..<layerCount {
            shapes += EncoderShapes.layer(width: width, mlpWidth: mlpWidth).map {
                ("text_model.encoder.layers.\(index).\($0)", $1)
            }
        }
        return shapes
    }
}

private enum EncoderShapes {
    static func layer(width: Int, mlpWidth: Int) -> [(String, [Int])] {
        var shapes: [(String, [Int])] = []
        for name in ["q_proj", "k_proj", "v_proj", "out_proj"] {
            shapes += [("self_attn.\(name).weight", [width, width]), ("self_attn.\(name).bias", [width])]
        }
        for norm in ["layer_norm1", "layer_norm2"] {
            shapes += [("\(norm).weight", [width]), ("\(norm).bias", [width])]
        }
        return shapes + [
            ("mlp.fc1.weight", [mlpWidth, width]), ("mlp.fc1.bias", [mlpWidth]),
            ("mlp.fc2.weight", [width, mlpWidth]), ("mlp.fc2.bias", [width]),
        ]
    }
}
