// SPDX-License-Identifier: MIT
public import Imaging
package import Tensors

/// A vision tower with the activations and threads to run it: what one worker owns.
///
/// Not safe to share between threads; make one for each worker over the same ``VisionTransformer``, or use
/// `ImageEmbedder` of the EmbeddingService module, which does that.
public final class VisionEncoder {
    /// The weights.
    public let transformer: VisionTransformer
    /// Images computed together at most; more are split.
    public let batchCapacity: Int

    private let team: ThreadTeam
    private var scratch: VisionScratch
    private var output: Matrix

    package init(_ transformer: VisionTransformer, batchCapacity: Int, team: ThreadTeam) {
        precondition(batchCapacity > 0, "a batch of \(batchCapacity) images")
        self.transformer = transformer
        self.batchCapacity = batchCapacity
        self.team = team
        scratch = VisionScratch(
            transformer.configuration, imageCapacity: batchCapacity, memberCount: team.memberCount)
        output = Matrix(rows: batchCapacity, columns: transformer.configuration.projectionDimension)
    }

    /// An encoder with its own team of `threadCount` threads.
    public convenience init(_ transformer: VisionTransformer, batchCapacity: Int = 8, threadCount: Int) {
        self.init(transformer, batchCapacity: batchCapacity, team: ThreadTeam(memberCount: threadCount))
    }

    /// The embeddings of `images`, in their order: raw projections, not of unit length.
    ///
    /// - Parameter images: Each `[3, imageSize, imageSize]`, normalised as CLIP expects.
    /// - Returns: One array of `projectionDimension` numbers an image.
    /// - Throws: ``WeightError/unsupportedModel(_:)`` when an image has another size than the model sees.
    /// - Complexity: 8.8 GFLOP an image for ViT-B/32. Allocates the result and nothing else.
    public func encode(_ images: [PixelTensor]) throws(WeightError) -> [[Float]] {
        let side = transformer.configuration.imageSize
        for image in images where image.width != side || image.height != side {
            throw .unsupportedModel(
                "an image of \(image.width) × \(image.height) pixels for a model of \(side) × \(side)")
        }
        var embeddings: [[Float]] = []
        embeddings.reserveCapacity(images.count)
        for start in stride(from: 0, to: images.count, by: batchCapacity) {
            let batch = Array(images[start..<min(start + batchCapacity, images.count)])
            transformer(batch, into: &output, scratch: &scratch, team: team)
            for row in 0..<batch.count { embeddings.append(output.elements(ofRow: row)) }
        }
        return embeddings
    }
}
