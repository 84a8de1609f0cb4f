// SPDX-License-Identifier: MIT
package import Checkpoints
package import Imaging

/// The vision tower written out: loops over arrays, every sum in double precision, no BLAS, no batching.
///
/// The twin of ``VisionTransformer``: it shares no kernel with it, so what both compute is right or both are wrong in
/// the same way for different reasons. `afterimage weights verify` and the tests hold the fast one against it.
///
/// Takes several seconds an image for ViT-B/32.
package struct NaiveVisionTransformer {
    private let file: SafetensorsFile
    private let configuration: VisionConfiguration
    private let encoder: NaiveEncoder

    /// Prepares a tower over `file`; tensors are read when they are used.
    package init(_ file: SafetensorsFile) throws(WeightError) {
        self.file = file
        configuration = try VisionConfiguration(of: file)
        encoder = NaiveEncoder(
            file: file, width: configuration.width, headCount: configuration.headCount,
            activation: configuration.activation)
    }

    /// One row of numbers for each token.
    package typealias Rows = [[Double]]

    /// The residual stream after the embeddings (index 0) and after each layer, then the embedding.
    package struct Trace {
        /// Residual streams, `[layers + 1][tokens][width]`.
        package var residuals: [Rows] = []
        /// The raw projection, `[projectionDimension]`.
        package var embedding: [Double] = []
    }

    /// Computes one image, `[3, imageSize, imageSize]`.
    package func callAsFunction(_ image: PixelTensor) throws(WeightError) -> Trace {
        var trace = Trace()
        var x = try encoder.layerNorm(embeddings(of: image), "vision_model.pre_layrnorm")
        trace.residuals.append(x)
        for index in 0..<configuration.layerCount {
            x = try encoder.layer(index, of: "vision_model", x)
            trace.residuals.append(x)
        }
        let pooled = try encoder.layerNorm([x[0]], "vision_model.post_layernorm")
        trace.embedding = try encoder.linear(pooled, "visual_projection", hasBias: false)[0]
        return trace
    }

    private func embeddings(of image: PixelTensor) throws(WeightError) -> Rows {
        let patchSize = configuration.patchSize
        let side = configuration.imageSize
        let grid = configuration.gridSize
        let filters = try encoder.values("vision_model.embeddings.patch_embedding.weight")
        let positions = try encoder.values("vision_model.embeddings.position_embedding.weight")
        var rows: Rows = [try encoder.values("vision_model.embeddings.class_embedding")]
        for patch in 0..<grid * grid {
            var pixels: [Double] = []
            for channel in 0..<VisionConfiguration.channelCount {
                for y in 0..<patchSize {
                    for x in 0..<patchSize {
                        let line = channel * side + patch / grid * patchSize + y
                        pixels.append(Double(image.values[line * side + patch % grid * patchSize + x]))
                    }
                }
            }
            rows.append(
                (0..<configuration.width).map { encoder.dot(filters, from: $0 * pixels.count, pixels) })
        }
        return rows.enumerated().map { token, row in
            row.enumerated().map { $1 + positions[token * configuration.width + $0] }
        }
    }
}
