// SPDX-License-Identifier: MIT
internal import CLIP
internal import Checkpoints
internal import Embeddings
internal import Tensors

/// Tokenizer and text tower together, for one thread and its team: the synchronous core of ``TextEmbedder``.
final class TextEngine {
    /// The version stored beside the pictures' embeddings.
    let modelVersion: ModelVersion
    private let encoder: TextEncoder

    /// Opens the weights at `weights` and loads their text tower.
    init(weights: String, options: TextEmbedder.Options) throws(EmbeddingError) {
        let (file, version) = try SafetensorsFile.opening(weights: weights)
        modelVersion = options.imagePrecision == .int8 ? version.inEightBits : version
        do throws(WeightError) {
            encoder = try TextEncoder(
                file, backend: options.backend, team: ThreadTeam(memberCount: options.threadCount))
        } catch {
            throw .weights(error)
        }
    }

    func embed(_ text: String) throws(EmbeddingError) -> EmbeddingAnswer {
        let clock = ContinuousClock()
        let start = clock.now
        let values = encoder.encode(text)
        guard values.allSatisfy(\.isFinite) else { throw .notFinite }
        return EmbeddingAnswer(
            values: values, modelVersion: modelVersion, preprocessing: .zero, tower: clock.now - start)
    }
}
