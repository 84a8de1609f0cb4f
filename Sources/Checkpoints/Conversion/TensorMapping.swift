// SPDX-License-Identifier: MIT
import Tensors

/// From a name in OpenAI's layout to names of Hugging Face, and what happens to the values.
///
/// The tables are the whole difference between the layouts; code only walks them.
struct TensorMapping {
    enum Operation {
        case copy
        /// A matrix that is multiplied from the other side.
        case transpose
        /// Query, key and value, stacked: three targets, a third of the rows each.
        case splitThree
    }

    let source: String
    let targets: [String]
    let operation: Operation

    private init(_ source: String, _ target: String, _ operation: Operation = .copy) {
        self.init(source, [target], operation)
    }

    private init(_ source: String, _ targets: [String], _ operation: Operation) {
        self.source = source
        self.targets = targets
        self.operation = operation
    }

    static let vision: [TensorMapping] =
        [
            TensorMapping("visual.class_embedding", "vision_model.embeddings.class_embedding"),
            TensorMapping("visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"),
            TensorMapping("visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"),
            TensorMapping("visual.proj", "visual_projection.weight", .transpose),
        ] + both("visual.ln_pre", "vision_model.pre_layrnorm")
        + both("visual.ln_post", "vision_model.post_layernorm")

    static let text: [TensorMapping] =
        [
            TensorMapping("token_embedding.weight", "text_model.embeddings.token_embedding.weight"),
            TensorMapping("positional_embedding", "text_model.embeddings.position_embedding.weight"),
            TensorMapping("text_projection", "text_projection.weight", .transpose),
        ] + both("ln_final", "text_model.final_layer_norm")

    /// One layer; relative to `transformer.resblocks.N.` and `encoder.layers.N.`.
    static let layer: [TensorMapping] =
        [
            TensorMapping("attn.in_proj_weight", attention("weight"), .splitThree),
            TensorMapping("attn.in_proj_bias", attention("bias"), .splitThree),
        ] + both("attn.out_proj", "self_attn.out_proj") + both("ln_1", "layer_norm1")
        + both("ln_2", "layer_norm2") + both("mlp.c_fc", "mlp.fc1") + both("mlp.c_proj", "mlp.fc2")

    private static func both(_ source: String, _ target: String) -> [TensorMapping] {
        ["weight", "bias"].map { TensorMapping("\(source).\($0)", "\(target).\($0)") }
    }

    private static func attention(_ kind: String) -> [String] {
        ["q", "k", "v"].map { "self_attn.\($0)_proj.\(kind)" }
    }

    /// The target tensors that `tensor` becomes.
    func apply(to tensor: StoredTensor, targetPrefix: String) throws(CheckpointError) -> [StoredTensor] {
        let names = targets.map { targetPrefix + $0 }
        switch operation {
        case .copy: return [tensor.renamed(names[0])]
        case .transpose:
            guard tensor.shape.count == 2 else {
                throw .shapeMismatch(tensor: tensor.name, expected: [1, 1], found: tensor.shape)
            }
            return [tensor.transposed().renamed(names[0])]
        case .splitThree:
            guard let rows = tensor.shape.first, rows > 0, rows.isMultiple(of: 3) else {
                throw .shapeMismatch(tensor: tensor.name, expected: [3], found: tensor.shape)
            }
            return names.indices.map {
                tensor.rows($0 * rows / 3..<($0 + 1) * rows / 3).renamed(names[$0])
            }
        }
    }
}
