// SPDX-License-Identifier: MIT
package import Checkpoints

/// The text tower written out, the twin of ``TextTransformer``: every position of the context is computed under the mask,
/// and the first end-of-text is picked afterwards.
///
/// Takes many seconds for ViT-B/32 and its 77 positions.
package struct NaiveTextTransformer {
    private let configuration: TextConfiguration
    private let encoder: NaiveEncoder

    /// Prepares a tower over `file`; tensors are read when they are used.
    package init(_ file: SafetensorsFile) throws(WeightError) {
        configuration = try TextConfiguration(of: file)
        encoder = NaiveEncoder(
            file: file, width: configuration.width, headCount: configuration.headCount,
            activation: configuration.activation, isCausal: true)
    }

    /// Computes one text of ids below the vocabulary's size.
    ///
    /// The residual stream is that after the embeddings (index 0) and after each layer, `[layers + 1][tokens][width]`.
    package func callAsFunction(
        _ tokens: [Int]
    ) throws(WeightError) -> (residuals: [[[Double]]], embedding: [Double]) {
        let width = configuration.width
        let table = "text_model.embeddings.token_embedding.weight"
        let positions = try encoder.values("text_model.embeddings.position_embedding.weight")
        var x: [[Double]] = []
        for (position, token) in tokens.enumerated() {
            let row = try encoder.values(table, elements: token * width..<(token + 1) * width)
            x.append((0..<width).map { row[$0] + positions[position * width + $0] })
        }
        var residuals = [x]
        for index in 0..<configuration.layerCount {
            x = try encoder.layer(index, of: "text_model", x)
            residuals.append(x)
        }
        let end = tokens.firstIndex(of: configuration.vocabularySize - 1) ?? tokens.count - 1
        let pooled = try encoder.layerNorm(x, "text_model.final_layer_norm")[end]
        return (residuals, try encoder.linear([pooled], "text_projection", hasBias: false)[0])
    }
}
