// SPDX-License-Identifier: MIT
internal import Checkpoints
public import Embeddings
internal import SystemPackage

extension ImageEmbedder {
    /// The version of the weights: of those in use, or, before they are loaded, of the file as its header says.
    ///
    /// - Returns: Nil when there is no file, or none that says its version.
    /// - Complexity: Reads the file's header, about 60 kB, in each call before the weights are loaded.
    public var modelVersion: ModelVersion? {
        if let model { return model.version }
        guard let file = try? WeightsFile(opening: FilePath(weightsPath)) else { return nil }
        return ModelVersion(file.metadata.modelVersion)
    }

    /// Whether the weights are in memory.
    public var isLoaded: Bool { model != nil }

    /// Numbers in an embedding; 512, as ViT-B/32 has, before the weights are loaded.
    public var embeddingDimension: Int { model?.dimension ?? 512 }
}
