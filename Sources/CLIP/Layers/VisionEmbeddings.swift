// SPDX-License-Identifier: MIT
internal import Imaging
internal import Tensors

/// Turns pixels into tokens: patch embedding, class embedding and position embedding.
///
///     x₀ = class + position₀
///     xₚ = W · patchₚ + positionₚ          p = 1 … grid²
///
/// The convolution's stride is its kernel size, so it is one product with the patches laid out as rows. The class
/// token's row of patches is zero, so all tokens of a batch come from a single product added to a copied table of
/// positions.
///
/// Source: Dosovitskiy et al. 2021, equation 1; `CLIPVisionEmbeddings` of Hugging Face Transformers.
package struct VisionEmbeddings: Sendable {
    let configuration: VisionConfiguration
    /// W, `[width, channels · patchSize²]`.
    let patchEmbedding: LinearWeights
    /// Added to the first token, `[width]`.
    let classEmbedding: ConstantVector
    /// One row a token, `[tokens, width]`.
    let positions: ConstantMatrix

    init(
        _ weights: WeightScope, _ configuration: VisionConfiguration, _ kernel: ProductKernel?
    ) throws(WeightError) {
        let patch = configuration.patchSize
        self.configuration = configuration
        classEmbedding = try weights.vector("class_embedding", configuration.width)
        patchEmbedding = try weights["patch_embedding"].weights(
            "weight", configuration.width, [VisionConfiguration.channelCount, patch, patch], kernel)
        positions = try weights["position_embedding"].matrix(
            "weight", configuration.tokenCount, configuration.width)
    }

    /// Writes the tokens of `images` into `x`, `[images · tokens, width]`.
    ///
    /// - Precondition: Every image is `[3, imageSize, imageSize]`.
    func callAsFunction(
        _ images: [PixelTensor], into x: inout Matrix, patches: inout Matrix, rounded: inout RoundedRows,
        team: ThreadTeam
    ) {
        let tokens = configuration.tokenCount
        patches.useRows(images.count * tokens)
        for (index, image) in images.enumerated() {
            clearRow(index * tokens, of: &patches)
            layOutPatches(
                of: image.values.span, channels: VisionConfiguration.channelCount,
                side: configuration.imageSize,
                patchSize: configuration.patchSize, into: &patches, firstRow: index * tokens + 1, team: team)
        }
        repeatRows(positions, copies: images.count, into: &x)
        addRow(classEmbedding, toEvery: tokens, of: &x)
        linearMap(
            patches, patchEmbedding, bias: nil, .residual, into: &x, factors: nil, rounded: &rounded,
            team: team
        )
    }
}
