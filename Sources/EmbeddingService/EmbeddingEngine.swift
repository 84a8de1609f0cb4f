// SPDX-License-Identifier: MIT
package import CLIP
internal import Checkpoints
package import Embeddings
internal import Imaging
package import Tensors

/// Preprocessing and vision tower together, for one thread and its team.
///
/// The synchronous core of ``ImageEmbedder``, and what the benchmark measures.
package final class EmbeddingEngine {
    /// The version stored beside every embedding.
    package let modelVersion: ModelVersion
    /// The tower with its activations.
    package let encoder: VisionEncoder
    /// The threads.
    package let team: ThreadTeam

    private let preprocess: ImagePreprocessor

    /// Opens the weights at `weights` and loads their vision tower.
    ///
    /// - Throws: ``EmbeddingError/weightsMissing(path:)`` or ``EmbeddingError/weights(_:)``.
    package init(weights: String, options: ImageEmbedder.Options) throws(EmbeddingError) {
        let (file, version) = try SafetensorsFile.opening(weights: weights)
        let plan: ArithmeticPlan
        do throws(ArithmeticError) {
            plan = try ArithmeticPlan(precision: options.precision, backend: options.backend)
        } catch {
            throw .weights(.unsupportedArithmetic(error.description))
        }
        modelVersion = plan.precision == .int8 ? version.inEightBits : version
        team = ThreadTeam(memberCount: options.threadCount)
        let transformer: VisionTransformer
        do throws(WeightError) {
            transformer = try VisionTransformer(file, plan: plan, team: team)
        } catch {
            throw .weights(error)
        }
        encoder = VisionEncoder(transformer, batchCapacity: options.batchCapacity, team: team)
        preprocess = ImagePreprocessor(imageSize: transformer.configuration.imageSize, limits: options.limits)
    }

    /// The outcome of every image, in order; a broken image fails alone.
    package func embed(_ images: [[UInt8]]) -> [Result<EmbeddingAnswer, EmbeddingError>] {
        let prepared = prepare(images)
        let tensors = prepared.compactMap { try? $0.outcome.get() }
        var embeddings: [[Float]] = []
        var failure: EmbeddingError?
        let duration = ContinuousClock().measure {
            do throws(WeightError) {
                embeddings = try encoder.encode(tensors)
            } catch {
                failure = .weights(error)
            }
        }
        let share = tensors.isEmpty ? .zero : duration / tensors.count
        var next = embeddings.makeIterator()
        return prepared.map { image in
            image.outcome.mapError(EmbeddingError.image).flatMap { _ in
                if let failure { return .failure(failure) }
                guard let values = next.next(), values.allSatisfy(\.isFinite) else {
                    return .failure(.notFinite)
                }
                return .success(
                    EmbeddingAnswer(
                        values: values, modelVersion: modelVersion, preprocessing: image.duration,
                        tower: share))
            }
        }
    }

    /// Bytes to pixel tensors, the images spread over the team.
    private func prepare(_ images: [[UInt8]]) -> [PreparedImage] {
        let preprocess = self.preprocess
        return team.map(images.count) { index in
            let clock = ContinuousClock()
            let start = clock.now
            let outcome = Result { () throws(ImageError) in try preprocess(images[index]) }
            return PreparedImage(outcome: outcome, duration: clock.now - start)
        }
    }
}

/// An image between its bytes and the tower.
private struct PreparedImage: Sendable {
    let outcome: Result<PixelTensor, ImageError>
    let duration: Duration
}
