// SPDX-License-Identifier: MIT

/// What shapes do not show: activation and head counts, and where they are known from.
struct ModelSettings {
    let activation: Activation
    /// Whether nothing stated the activation.
    let isActivationAssumed: Bool
    let visionHeadCount: Int
    let textHeadCount: Int?
    /// The published file that the source is.
    let known: KnownSource?

    init(
        _ source: CheckpointSource, _ model: CheckpointTensors, activation stated: Activation?
    ) throws(CheckpointError) {
        let known = KnownSource.with(sha256: source.sha256)
        let found =
            stated ?? known?.activation ?? source.configuration?.activation ?? source.metadata?.activation
        if let found {
            activation = found
        } else {
            activation = try Self.usualActivation(model.layout)
        }
        isActivationAssumed = found == nil && model.layout != .openAI
        // With another activation than the published one the model gives other vectors.
        self.known = known?.activation == activation ? known : nil
        let vision = source.configuration?.visionHeadCount ?? source.metadata?.visionHeadCount
        visionHeadCount = try Self.headCount(vision, width: model.dimensions.vision.width)
        let text = source.configuration?.textHeadCount ?? source.metadata?.textHeadCount
        if let dimensions = model.dimensions.text {
            textHeadCount = try Self.headCount(text, width: dimensions.width)
        } else {
            textHeadCount = nil
        }
    }

    /// What a source without a statement was most likely trained with.
    ///
    /// OpenAI used QuickGELU, and it is the default of Hugging Face's `CLIPConfig`. open_clip has both
    /// `ViT-B-32` with GELU and `ViT-B-32-quickgelu` under the same tensor names: there the user must say.
    private static func usualActivation(_ layout: CheckpointLayout) throws(CheckpointError) -> Activation {
        switch layout {
        case .openAI, .huggingFace, .huggingFaceVisionOnly: return .quickGELU
        case .openCLIP: throw .activationUnknown
        }
    }

    /// CLIP's heads are 64 wide where no configuration says otherwise.
    private static func headCount(_ stated: Int?, width: Int) throws(CheckpointError) -> Int {
        let count = stated ?? (width.isMultiple(of: 64) ? width / 64 : 0)
        guard count > 0, width.isMultiple(of: count) else { throw .headCountUnknown(width: width) }
        return count
    }
}
