// SPDX-License-Identifier: MIT
internal import Checkpoints
public import Embeddings
internal import SystemPackage
internal import Tensors

extension ImageEmbedder {
    /// The version of the weights: of those in use, or, before they are loaded, of the file as its header says.
    ///
    /// - Returns: Nil when there is no file, or none that says its version.
    /// - Complexity: Reads the file's header, about 60 kB, in each call before the weights are loaded.
    public var modelVersion: ModelVersion? {
        if let model { return model.version }
        guard let file = try? WeightsFile(opening: FilePath(weightsPath)) else { return nil }
        let version = ModelVersion(file.metadata.modelVersion)
        return options.precision == .int8 ? version.inEightBits : version
    }

    /// What multiplies, once the weights are loaded, for example `int8 (AVX-512 VNNI)`.
    public var arithmetic: String? { model?.arithmetic }

    /// What a person should know about the arithmetic in use: why something slower than asked for is used.
    public var notices: [String] { model?.notices ?? [] }

    /// Whether the weights are in memory.
    public var isLoaded: Bool { model != nil }

    /// Numbers in an embedding; 512, as ViT-B/32 has, before the weights are loaded.
    public var embeddingDimension: Int { model?.dimension ?? 512 }
}
