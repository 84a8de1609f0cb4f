// SPDX-License-Identifier: MIT
package import Tensors

/// All activations of a forward pass, made once for a worker and a largest batch.
///
/// 0.75 MB for ViT-B/32 and one image, 0.6 MB an image in larger batches.
package struct VisionScratch: ~Copyable {
    /// Images that fit.
    package let imageCapacity: Int

    /// Patches as rows, one empty row an image for the class token, `[images · tokens, channels · patchSize²]`.
    var patches: Matrix
    /// Residual stream, `[images · tokens, width]`; package access is for the stage tests.
    package var x: Matrix
    /// Activations inside an encoder layer.
    var encoder: EncoderScratch
    /// Class tokens after the last layer, `[images, width]`.
    var pooled: Matrix

    /// Allocates for `imageCapacity` images computed by a team of `memberCount` threads.
    package init(_ configuration: VisionConfiguration, imageCapacity: Int, memberCount: Int) {
        let rows = imageCapacity * configuration.tokenCount
        let patchWidth = VisionConfiguration.channelCount * configuration.patchSize * configuration.patchSize
        self.imageCapacity = imageCapacity
        patches = Matrix(rows: rows, columns: patchWidth)
        x = Matrix(rows: rows, columns: configuration.width)
        encoder = EncoderScratch(configuration, rows: rows, memberCount: memberCount)
        pooled = Matrix(rows: imageCapacity, columns: configuration.width)
    }
}

/// Activations inside an encoder layer.
package struct EncoderScratch: ~Copyable {
    /// Input of the layer's next block, `[images · tokens, width]`.
    var normalized: Matrix
    /// Activations of the attention block.
    var attention: AttentionScratch
    /// Hidden layer of the MLP, `[images · tokens, mlpWidth]`.
    var hidden: Matrix

    init(_ configuration: VisionConfiguration, rows: Int, memberCount: Int) {
        normalized = Matrix(rows: rows, columns: configuration.width)
        attention = AttentionScratch(configuration, rows: rows, memberCount: memberCount)
        hidden = Matrix(rows: rows, columns: configuration.mlpWidth)
    }
}

/// Activations inside an attention block.
package struct AttentionScratch: ~Copyable {
    /// Queries, keys and values side by side, `[images · tokens, 3 · width]`.
    var queryKeyValue: Matrix
    /// One square of scores for each member of the team, `[members · tokens, tokens]`.
    var scores: Matrix
    /// Weighted values of all heads side by side, `[images · tokens, width]`.
    var context: Matrix

    init(_ configuration: VisionConfiguration, rows: Int, memberCount: Int) {
        queryKeyValue = Matrix(rows: rows, columns: 3 * configuration.width)
        scores = Matrix(rows: memberCount * configuration.tokenCount, columns: configuration.tokenCount)
        context = Matrix(rows: rows, columns: configuration.width)
    }
}
