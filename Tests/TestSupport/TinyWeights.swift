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
    /// Nil for a healthy file.
    package var damage: Damage?

    /// Weights that differ from the default in the given ways.
    package init(modelVersion: String = "tiny-v1", seed: UInt64 = 1, damage: Damage? = nil) {
        self.modelVersion = modelVersion
        self.seed = seed
        self.damage = damage
    }

    /// Writes the file; it appears under its name only when it is whole.
    package func write(to path: FilePath) throws {
        var random = SeededGenerator(seed: seed)
        let metadata = WeightsMetadata(
            modelName: "tiny", modelVersion: modelVersion, source: "test", sourceSHA256: "",
            contentSHA256: String(repeating: "0", count: 64), activation: configuration.activation,
            visionHeadCount: configuration.headCount, textHeadCount: nil)
        var writer = try SafetensorsWriter(
            creating: path,
            tensors: configuration.tensorShapes.map {
                TensorDeclaration(name: $0, elementType: .float32, shape: $1)
            },
            metadata: metadata.strings)
        for tensor in writer.tensors {
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
}
