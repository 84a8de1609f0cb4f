// SPDX-License-Identifier: MIT
package import Checkpoints
package import Imaging
package import Tensors

/// The vision tower of CLIP: pixels to embedding.
///
///     x      = preLayerNorm(embeddings(image))
///     x      = layerᵢ(x)                                i = 1 … layers
///     output = visualProjection(postLayerNorm(x₀))      the class token alone
///
/// A value of weights only, shared by any number of threads; each ``VisionEncoder`` brings its own activations.
///
/// Source: Radford et al. 2021, section 2.4; `CLIPVisionModelWithProjection` of Hugging Face Transformers.
public struct VisionTransformer: Sendable {
    /// The tower's dimensions.
    public let configuration: VisionConfiguration

    package let embeddings: VisionEmbeddings
    package let preLayerNorm: LayerNorm
    package let layers: [EncoderLayer]
    package let postLayerNorm: LayerNorm
    /// `[projectionDimension, width]`; no bias.
    package let visualProjection: LinearWeights
    /// Which kernels multiply.
    package let plan: ArithmeticPlan
    /// Heads of each layer whose queries and keys are rounded less than everything else; empty in single precision.
    package let sharpHeads: [[Int]]

    /// Loads the tower from `file` into memory, rounded and laid out as `plan` says; the text tower's pages are never
    /// touched.
    ///
    /// Where the plan uses the linked BLAS, also checks that it multiplies correctly on this processor.
    ///
    /// - Parameters:
    ///   - file: Weights under Hugging Face's names, in any floating-point type.
    ///   - plan: Arithmetic of the linear maps.
    ///   - team: Threads that share the decoding.
    /// - Throws: ``WeightError`` naming the first tensor that is missing or does not fit.
    /// - Complexity: O(parameters): 88 million for ViT-B/32; 351 MB in single precision, half or a quarter of it in others.
    package init(
        _ file: SafetensorsFile, plan: ArithmeticPlan = .blas, team: ThreadTeam
    ) throws(WeightError) {
        if plan.encoder == nil { try Self.checkBLAS() }
        let configuration = try VisionConfiguration(of: file)
        let roundings = try LayerRounding.decide(
            for: configuration.layerCount, of: file, at: "vision_model.encoder.layers", configuration,
            plan.precision, team: team)
        let loader = try WeightLoader(
            file, capacity: WeightArena.capacity(for: configuration.wordCounts(plan, roundings)))
        let root = WeightScope(loader)
        let vision = root["vision_model"]

        embeddings = try VisionEmbeddings(vision["embeddings"], configuration, plan.ends)
        // Published with this spelling.
        preLayerNorm = try LayerNorm(vision["pre_layrnorm"], width: configuration.width)
        var layers: [EncoderLayer] = []
        for index in 0..<configuration.layerCount {
            layers.append(
                try EncoderLayer(
                    vision["encoder"]["layers"][index], configuration, plan,
                    roundings.isEmpty ? nil : roundings[index]))
        }
        self.layers = layers
        postLayerNorm = try LayerNorm(vision["post_layernorm"], width: configuration.width)
        visualProjection = try root["visual_projection"].weights(
            "weight", configuration.projectionDimension, [configuration.width], plan.ends)
        self.configuration = configuration
        self.plan = plan
        sharpHeads = roundings.map(\.sharpHeads)
        loader.loadAll(with: team)
    }

    private static func checkBLAS() throws(WeightError) {
        do throws(BLASError) {
            try BLASSelfCheck.run()
        } catch {
            throw .wrongBLAS(error.description)
        }
    }

    /// Computes the embeddings of `images` into `output`, `[images, projectionDimension]`.
    ///
    /// - Precondition: `images` fit into `scratch`, and each is `[3, imageSize, imageSize]`.
    /// - Complexity: 8.8 GFLOP an image for ViT-B/32. Allocates nothing.
    package func callAsFunction(
        _ images: [PixelTensor], into output: inout Matrix, scratch: inout VisionScratch, team: ThreadTeam
    ) {
        precondition(
            images.count <= scratch.imageCapacity, "\(images.count) images, room for \(scratch.imageCapacity)"
        )
        embedTokens(images, scratch: &scratch, team: team)
        normalizeTokens(scratch: &scratch, team: team)
        for index in layers.indices.dropLast() { applyLayer(index, scratch: &scratch, team: team) }
        poolClassTokens(scratch: &scratch, team: team)
        project(into: &output, scratch: &scratch, team: team)
    }

    // MARK: - Stages, one by one for the golden tests

    /// Patch, class and position embedding into the residual stream.
    package func embedTokens(_ images: [PixelTensor], scratch: inout VisionScratch, team: ThreadTeam) {
        embeddings(
            images, into: &scratch.x, patches: &scratch.patches, rounded: &scratch.encoder.rounded, team: team
        )
    }

    /// The LayerNorm before the first layer.
    package func normalizeTokens(scratch: inout VisionScratch, team: ThreadTeam) {
        preLayerNorm(inPlace: &scratch.x, team: team)
    }

    /// Encoder layer `index` on the residual stream.
    package func applyLayer(_ index: Int, scratch: inout VisionScratch, team: ThreadTeam) {
        layers[index](&scratch.x, scratch: &scratch.encoder, team: team)
    }

    /// The last encoder layer for the class tokens alone; `project` goes on from there.
    package func poolClassTokens(scratch: inout VisionScratch, team: ThreadTeam) {
        guard let last = layers.last else { return gatherClassTokens(scratch: &scratch) }
        last(scratch.x, classTokensInto: &scratch.pooled, scratch: &scratch.encoder, team: team)
    }

    /// The class tokens of the residual stream, after the last layer was applied to all tokens.
    package func gatherClassTokens(scratch: inout VisionScratch) {
        gatherRows(scratch.x, every: configuration.tokenCount, into: &scratch.pooled)
    }

    /// The class tokens' embeddings, `[images, projectionDimension]`.
    package func project(into output: inout Matrix, scratch: inout VisionScratch, team: ThreadTeam) {
        postLayerNorm(inPlace: &scratch.pooled, team: team)
        linearMap(
            scratch.pooled, visualProjection, bias: nil, .bias, into: &output, factors: nil,
            rounded: &scratch.encoder.rounded,
            team: team)
    }
}
