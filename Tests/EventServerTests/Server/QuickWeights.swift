// SPDX-License-Identifier: MIT
import CLIP
import SystemPackage
import TestSupport

/// Weights of a shallow tower with CLIP's input and output dimensions, for tests of what is around the engine.
enum QuickWeights {
    /// Version that the file states.
    static let modelVersion = "quick-v1"

    private static let folder = Result { try TemporaryDirectory() }
    private static let written = Result {
        let path = try folder.get().file("\(modelVersion).safetensors")
        try write(to: path)
        return path.string
    }

    /// The file, written when first asked for.
    static func path() throws -> String { try written.get() }

    /// Writes another such file with a version of its own.
    static func write(modelVersion: String = modelVersion, to path: FilePath) throws {
        var weights = TinyWeights(modelVersion: modelVersion)
        weights.configuration = VisionConfiguration(
            imageSize: 224, patchSize: 32, width: 128, headCount: 2, layerCount: 2, mlpWidth: 256,
            projectionDimension: 512, activation: TinyWeights.configuration.activation)
        try weights.write(to: path)
    }
}
