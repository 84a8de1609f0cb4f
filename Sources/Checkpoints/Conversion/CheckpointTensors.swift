// SPDX-License-Identifier: MIT
import Tensors

/// The tensors of a checkpoint under the names of Hugging Face, as views of the source.
struct CheckpointTensors {
    let layout: CheckpointLayout
    /// By name; every one floating point and needed by the engine.
    let tensors: [String: StoredTensor]
    let dimensions: ModelDimensions

    /// Finds the layout, renames, and checks that nothing is missing, superfluous or misshapen.
    init(_ source: [StoredTensor], isTorchScript: Bool) throws(CheckpointError) {
        guard let detected = DetectedLayout(Set(source.map(\.name)), isTorchScript: isTorchScript) else {
            throw .layoutUnknown(examples: source.prefix(3).map { String($0.name.prefix(60)) })
        }
        let named = Self.withoutPrefix(source, detected)
        let mapped =
            switch detected.layout {
            case .huggingFace, .huggingFaceVisionOnly: named
            case .openAI, .openCLIP: try Self.renamed(named, detected)
            }
        for tensor in mapped.values where !tensor.elementType.isFloatingPoint {
            throw .elementTypeUnsupported(tensor: tensor.name, found: tensor.elementType)
        }
        layout = detected.layout
        tensors = mapped
        if let scale = mapped[WeightsMetadata.logitScaleTensor], scale.elementCount != 1 {
            throw .shapeMismatch(tensor: scale.name, expected: [], found: scale.shape)
        }
        dimensions = try ModelDimensions(
            mapped.filter { $0.key != WeightsMetadata.logitScaleTensor }.mapValues(\.shape))
    }

    /// Drops wrappers, other tensors of the file, and what inference does not use.
    private static func withoutPrefix(
        _ source: [StoredTensor], _ detected: DetectedLayout
    ) -> [String: StoredTensor] {
        var result: [String: StoredTensor] = [:]
        for tensor in source where tensor.name.hasPrefix(detected.prefix) {
            var name = String(tensor.name.dropFirst(detected.prefix.count))
            if isTrainingOnly(name) { continue }
            if detected.isBareVision, name == WeightsMetadata.logitScaleTensor { continue }
            if detected.isBareVision, name != "visual_projection.weight" { name = "vision_model.\(name)" }
            if detected.isCustomText, name.hasPrefix("text.") { name = String(name.dropFirst(5)) }
            result[name] = tensor.renamed(name)
        }
        return result
    }

    /// Positions that are counted anyway, what only the training loss adds, and notes about the model.
    ///
    /// The scale of the logits stays: it turns cosines into probabilities.
    private static func isTrainingOnly(_ name: String) -> Bool {
        if name == WeightsMetadata.logitScaleTensor { return false }
        let last = name.split(separator: ".").last ?? ""
        return ["position_ids", "logit_scale", "logit_bias", "attn_mask"].contains(last)
            || ["input_resolution", "context_length", "vocab_size"].contains(name)
            || name == WeightsMetadata.mergesTensor
    }

    private static func renamed(
        _ source: [String: StoredTensor], _ detected: DetectedLayout
    ) throws(CheckpointError) -> [String: StoredTensor] {
        var rest = source
        var result: [String: StoredTensor] = [:]
        func take(_ mappings: [TensorMapping], _ from: String, _ to: String) throws(CheckpointError) {
            for mapping in mappings {
                guard let tensor = rest.removeValue(forKey: from + mapping.source) else {
                    throw .tensorMissing(name: from + mapping.source)
                }
                for target in try mapping.apply(to: tensor, targetPrefix: to) { result[target.name] = target }
            }
        }
        func takeLayers(_ from: String, _ to: String) throws(CheckpointError) {
            var layer = 0
            while rest["\(from)resblocks.\(layer).ln_1.weight"] != nil {
                try take(TensorMapping.layer, "\(from)resblocks.\(layer).", "\(to).encoder.layers.\(layer).")
                layer += 1
            }
        }
        try take(TensorMapping.vision, "", "")
        try takeLayers("visual.transformer.", "vision_model")
        if rest["token_embedding.weight"] != nil {
            // open_clip's custom text tower may store the projection as a linear map.
            if let linear = rest.removeValue(forKey: "text_projection.weight") {
                rest["text_projection"] = linear.shape.count == 2 ? linear.transposed() : linear
            }
            try take(TensorMapping.text, "", "")
            try takeLayers("transformer.", "text_model")
        }
        if let scale = rest.removeValue(forKey: WeightsMetadata.logitScaleTensor) {
            result[scale.name] = scale
        }
        if let surplus = rest.keys.min() { throw .tensorUnexpected(name: surplus) }
        return result
    }
}
