// SPDX-License-Identifier: MIT
package import CLIP
internal import Checkpoints
package import SystemPackage
internal import Tensors

/// A weights file of a very small vision tower with random weights: complete, valid, and computed in a millisecond.
package struct TinyWeights {
    /// What is in the file by default: images of 32 × 32 pixels, embeddings of 16 numbers.
    package static let configuration = VisionConfiguration(
        imageSize: 32, patchSize: 16, width: 64, headCount: 2, layerCount: 2, mlpWidth: 96,
        projectionDimension: 16,
        activation: .quickGELU)

    /// Something wrong with the values, for tests of what notices it.
    package enum Damage: Sendable {
        case notANumberInTheProjection
    }

    /// Version that the file states.
    package var modelVersion = "tiny-v1"
    /// Dimensions of the tower.
    package var configuration = Self.configuration
    /// What the values depend on.
    package var seed: UInt64 = 1
    /// The text tower in the file: texts of 12 tokens, a vocabulary as large as ``TestVocabulary``'s.
    package static let textConfiguration = TextConfiguration(
        vocabularySize: 514 + TestVocabulary.merges.count, contextLength: 12, width: 32, headCount: 2,
        layerCount: 2, mlpWidth: 48, projectionDimension: 16, activation: .quickGELU)

    /// Whether the file has a text tower and merges.
    package enum Text: Sendable {
        case none, towerAlone, mergesAlone, complete

        var hasTower: Bool { self == .towerAlone || self == .complete }
        var hasMerges: Bool { self == .mergesAlone || self == .complete }
    }

    /// What is there for texts.
    package var text = Text.none
    /// Nil for a healthy file.
    package var damage: Damage?

    /// Weights that differ from the default in the given ways.
    package init(
        modelVersion: String = "tiny-v1", seed: UInt64 = 1, text: Text = .none, damage: Damage? = nil
    ) {
        self.modelVersion = modelVersion
        self.text = text
        self.seed = seed
        self.damage = damage
    }

    /// Writes the file; it appears under its name only when it is whole.
    package func write(to path: FilePath) throws {
        var random = SeededGenerator(seed: seed)
        let metadata = WeightsMetadata(
            modelName: "tiny", modelVersion: modelVersion, source: "test", sourceSHA256: "",
            contentSHA256: String(repeating: "0", count: 64), activation: configuration.activation,
            visionHeadCount: configuration.headCount,
            textHeadCount: text.hasTower ? Self.textConfiguration.headCount : nil)
        var writer = try SafetensorsWriter(
            creating: path,
            tensors: declarations,
            metadata: metadata.strings)
        for tensor in writer.tensors {
            if tensor.name == WeightsMetadata.mergesTensor {
                try writer.append(ByteSlice(TestVocabulary.file), to: tensor.name)
                continue
            }
            // Gains around 1, everything else small enough for a healthy residual stream.
            let isGain = tensor.name.contains("norm") && tensor.name.hasSuffix(".weight")
            var values = random.floats(tensor.shape.reduce(1, *), isGain ? 0.5 : 0.15)
            if isGain { values = values.map { 1 + $0 } }
            if damage == .notANumberInTheProjection, tensor.name == "visual_projection.weight" {
                values[3] = .nan
            }
            try writer.append(values.span, to: tensor.name)
        }
        try writer.finish()
    }

    private var declarations: [TensorDeclaration] {
        let shapes = configuration.tensorShapes + (text.hasTower ? Self.textConfiguration.tensorShapes : [])
        let floats = shapes.map { TensorDeclaration(name: $0, elementType: .float32, shape: $1) }
        guard text.hasMerges else { return floats }
        return floats + [
            TensorDeclaration(
                name: WeightsMetadata.mergesTensor, elementType: .uint8, shape: [TestVocabulary.file.count])
        ]
    }
}
