// SPDX-License-Identifier: MIT
package import Checkpoints
package import Tensors

/// Dimensions of a CLIP text tower.
public struct TextConfiguration: Sendable, Equatable {
    /// Tokens that the model knows.
    public let vocabularySize: Int
    /// Tokens of the longest text, start and end included.
    public let contextLength: Int
    /// Width of the residual stream.
    public let width: Int
    /// Attention heads; divides `width`.
    public let headCount: Int
    /// Encoder layers.
    public let layerCount: Int
    /// Width of the MLP's hidden layer.
    public let mlpWidth: Int
    /// Dimension of the embedding, the image tower's.
    public let projectionDimension: Int
    /// The MLP's nonlinearity.
    package let activation: Activation

    package init(
        vocabularySize: Int, contextLength: Int, width: Int, headCount: Int, layerCount: Int, mlpWidth: Int,
        projectionDimension: Int, activation: Activation
    ) {
        self.vocabularySize = vocabularySize
        self.contextLength = contextLength
        self.width = width
        self.headCount = headCount
        self.layerCount = layerCount
        self.mlpWidth = mlpWidth
        self.projectionDimension = projectionDimension
        self.activation = activation
    }
}

extension TextConfiguration {
    /// Reads the dimensions off the shapes of the tensors; heads and activation come from the metadata.
    ///
    /// - Throws: ``WeightError/noTextTower``, or another ``WeightError`` naming what cannot belong to a text tower.
    package init(of file: SafetensorsFile) throws(WeightError) {
        let tokens = "text_model.embeddings.token_embedding.weight"
        guard file.contains(tokens) else { throw .noTextTower }
        let table = try file.shape(of: tokens, rank: 2)
        let positions = try file.shape(of: "text_model.embeddings.position_embedding.weight", rank: 2)
        let mlp = try file.shape(of: "text_model.encoder.layers.0.mlp.fc1.weight", rank: 2)
        let projection = try file.shape(of: "text_projection.weight", rank: 2)
        let metadata = file.metadata
        let (width, headCount) = (table[1], metadata["text_heads"].flatMap(Int.init) ?? table[1] / 64)
        guard width > 0, headCount > 0, width % headCount == 0 else {
            throw .unsupportedModel("\(headCount) attention heads do not divide a text width of \(width)")
        }
        guard positions[0] >= 2, mlp[0] > 0, projection[0] > 0 else {
            throw .unsupportedModel("a text tower with \(positions[0]) positions cannot read a text")
        }
        let name = metadata["activation"] ?? Activation.quickGELU.rawValue
        guard let activation = Activation(rawValue: name)
        else { throw .unsupportedModel("activation '\(name)' is none of quick_gelu, gelu") }
        var layerCount = 0
        while file.contains("text_model.encoder.layers.\(layerCount).layer_norm1.weight") { layerCount += 1 }

        self.init(
            vocabularySize: table[0], contextLength: positions[0], width: width, headCount: headCount,
            layerCount: layerCount, mlpWidth: mlp[0], projectionDimension: projection[0],
            activation: activation)
    }

    /// Words of all tensors but the token embeddings, which stay as they are stored; for the arena.
    func wordCounts(_ plan: ArithmeticPlan) -> [Int] {
        let maps: [(outputs: Int, inputs: Int, kernel: ProductKernel?)] =
            MultiHeadAttention.projectionMaps(self, plan) + [
                (width, width, plan.encoder), (mlpWidth, width, plan.encoder),
                (width, mlpWidth, plan.encoder),
            ]
        let layer =
            maps.flatMap { [Self.words($0.outputs, $0.inputs, $0.kernel), $0.outputs] }
            + Array(repeating: width, count: 4)
        return [
            contextLength * width, width, width, Self.words(projectionDimension, width, plan.ends),
        ] + (0..<layerCount).flatMap { _ in layer }
    }

    private static func words(_ outputs: Int, _ inputs: Int, _ kernel: ProductKernel?) -> Int {
        guard let kernel else { return outputs * inputs }
        return PackedMatrix.wordCount(rows: outputs, columns: inputs, format: kernel.format)
    }
}
