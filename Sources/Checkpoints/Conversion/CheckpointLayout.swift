// SPDX-License-Identifier: MIT

/// Whose names the tensors of a checkpoint have.
package enum CheckpointLayout: String, Sendable, CaseIterable {
    /// `CLIPModel` of Hugging Face: both towers.
    case huggingFace = "Hugging Face"
    /// The vision tower alone, with or without `vision_model.` before its names.
    case huggingFaceVisionOnly = "Hugging Face vision tower"
    /// OpenAI's TorchScript archives and state dicts.
    case openAI = "OpenAI"
    /// open_clip, also with the text tower under `text.`.
    case openCLIP = "open_clip"
}

/// A recognised layout, and what stands before all of its names.
struct DetectedLayout: Equatable {
    let layout: CheckpointLayout
    /// Before every name: `state_dict.module.` and the like.
    let prefix: String
    /// Names lack `vision_model.`.
    var isBareVision = false
    /// The text tower's names begin with `text.`.
    var isCustomText = false

    /// Wrappers that training programs put around a state dict.
    private static let prefixes = [
        "", "module.", "state_dict.", "state_dict.module.", "model.", "model.module.", "model_state_dict.",
    ]

    /// - Parameter isTorchScript: Whether code lay beside the tensors, as only OpenAI publishes it.
    init?(_ names: Set<String>, isTorchScript: Bool) {
        for prefix in Self.prefixes {
            func has(_ name: String) -> Bool { names.contains(prefix + name) }
            if has("visual.class_embedding") {
                let isOpenAI = isTorchScript || has("input_resolution")
                self.init(
                    layout: isOpenAI ? .openAI : .openCLIP, prefix: prefix,
                    isCustomText: has("text.token_embedding.weight"))
            } else if has("vision_model.embeddings.class_embedding") {
                let hasText = has("text_model.embeddings.token_embedding.weight")
                self.init(layout: hasText ? .huggingFace : .huggingFaceVisionOnly, prefix: prefix)
            } else if has("embeddings.class_embedding") {
                self.init(layout: .huggingFaceVisionOnly, prefix: prefix, isBareVision: true)
            } else {
                continue
            }
            return
        }
        return nil
    }

    init(
        layout: CheckpointLayout, prefix: String, isBareVision: Bool = false, isCustomText: Bool = false
    ) {
        self.layout = layout
        self.prefix = prefix
        self.isBareVision = isBareVision
        self.isCustomText = isCustomText
    }
}
