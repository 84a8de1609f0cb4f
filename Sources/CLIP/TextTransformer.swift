// SPDX-License-Identifier: MIT
package import Checkpoints
package import Tensors

/// The text tower of CLIP: tokens to embedding.
///
///     xₜ     = tokenₜ + positionₜ
///     x      = layerᵢ(x), causal                        i = 1 … layers
///     output = textProjection(finalLayerNorm(x_end))    the first end-of-text token alone
///
/// A token sees only those before it, so nothing after the first end-of-text token can change the output, and nothing
/// after it is computed.
///
/// Source: Radford et al. 2021, section 2.4; `CLIPTextModelWithProjection` of Hugging Face Transformers.
public struct TextTransformer: Sendable {
    /// The tower's dimensions.
    public let configuration: TextConfiguration

    /// `[vocabularySize, width]`, as the file stores it: only a few rows are decoded for a text.
    private let tokenEmbedding: StoredTensor
    /// `[contextLength, width]`.
    private let positions: ConstantMatrix
    package let layers: [EncoderLayer]
    private let finalLayerNorm: LayerNorm
    /// `[projectionDimension, width]`; no bias.
    private let textProjection: LinearWeights

    /// Loads the tower from `file` into memory in single precision; the image tower's pages are never touched.
    ///
    /// - Parameters:
    ///   - file: Weights under Hugging Face's names, in any floating-point type.
    ///   - backend: Who multiplies.
    ///   - team: Threads that share the decoding.
    /// - Throws: ``WeightError/noTextTower``, or the first tensor that is missing or does not fit.
    /// - Complexity: O(parameters); 203 MB for ViT-B/32, of which 51 for token embeddings in half precision.
    package init(
        _ file: SafetensorsFile, backend: ProductBackend = .auto, team: ThreadTeam
    ) throws(WeightError) {
        let configuration = try TextConfiguration(of: file)
        let plan = try Self.plan(backend)
        let loader = try WeightLoader(
            file, capacity: WeightArena.capacity(for: configuration.wordCounts(plan)))
        let root = WeightScope(loader)
        let text = root["text_model"]
        let width = configuration.width
        tokenEmbedding = try text["embeddings"]["token_embedding"].tensor(
            "weight", configuration.vocabularySize, width
        ).copied()
        positions = try text["embeddings"]["position_embedding"].matrix(
            "weight", configuration.contextLength, width)
        var layers: [EncoderLayer] = []
        for index in 0..<configuration.layerCount {
            layers.append(try EncoderLayer(text["encoder"]["layers"][index], configuration, plan))
        }
        self.layers = layers
        finalLayerNorm = try LayerNorm(text["final_layer_norm"], width: width)
        textProjection = try root["text_projection"].weights(
            "weight", configuration.projectionDimension, [width], plan.ends)
        self.configuration = configuration
        loader.loadAll(with: team)
    }

    private static func plan(_ backend: ProductBackend) throws(WeightError) -> ArithmeticPlan {
        let plan: ArithmeticPlan
        do throws(ArithmeticError) {
            plan = try ArithmeticPlan(precision: .fp32, backend: backend)
        } catch {
            throw .unsupportedArithmetic(error.description)
        }
        guard plan.encoder == nil else { return plan }
        do throws(BLASError) {
            try BLASSelfCheck.run()
        } catch {
            throw .wrongBLAS(error.description)
        }
        return plan
    }

    /// Computes the embedding of `tokens` into `output`, `[1, projectionDimension]`.
    ///
    /// - Precondition: At most `contextLength` tokens, at least one, the last one being the first end-of-text.
    /// - Complexity: 75 MFLOP a token for ViT-B/32; for a few tokens the time goes into reading 152 MB of weights.
    package func callAsFunction(
        _ tokens: [Int], into output: inout Matrix, scratch: inout TextScratch, team: ThreadTeam
    ) {
        embed(tokens, scratch: &scratch)
        for index in layers.indices.dropLast() { applyLayer(index, scratch: &scratch, team: team) }
        pool(scratch: &scratch, team: team)
        finalLayerNorm(inPlace: &scratch.pooled, team: team)
        linearMap(
            scratch.pooled, textProjection, bias: nil, .bias, into: &output, factors: nil,
            rounded: &scratch.encoder.rounded, team: team)
    }

    // MARK: - Stages, one by one for the golden tests

    /// Token and position embeddings into the residual stream.
    package func embed(_ tokens: [Int], scratch: inout TextScratch) {
        embedTokens(tokens, tokenEmbedding, positions, into: &scratch.x)
    }

    /// Encoder layer `index` on the residual stream.
    package func applyLayer(_ index: Int, scratch: inout TextScratch, team: ThreadTeam) {
        layers[index](causal: &scratch.x, scratch: &scratch.encoder, team: team)
    }

    private func pool(scratch: inout TextScratch, team: ThreadTeam) {
        guard let last = layers.last else { return copyLastRow(of: scratch.x, into: &scratch.pooled) }
        last(scratch.x, lastTokenInto: &scratch.pooled, scratch: &scratch.encoder, team: team)
    }
}
