// SPDX-License-Identifier: MIT
internal import CLIP
internal import Checkpoints
internal import Embeddings
internal import SystemPackage
internal import Tensors

extension SafetensorsFile {
    /// The weights file at `path`, and the version that it states.
    ///
    /// - Throws: ``EmbeddingError/weightsMissing(path:)`` or ``EmbeddingError/weights(_:)``.
    static func opening(weights path: String) throws(EmbeddingError) -> (SafetensorsFile, ModelVersion) {
        let file: SafetensorsFile
        do throws(SafetensorsError) {
            file = try SafetensorsFile(opening: FilePath(path))
        } catch {
            throw error == .cannotOpen(.cannotOpen(.noSuchFileOrDirectory))
                ? .weightsMissing(path: path) : .weights(.unreadable(error.description))
        }
        do throws(WeightsMetadataError) {
            return (file, ModelVersion(try WeightsMetadata(file.metadata).modelVersion))
        } catch {
            throw .weights(.unreadable(error.description))
        }
    }
}
