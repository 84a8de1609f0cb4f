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
        self.imageCapacity = imageCapacity
        patches = Matrix(rows: rows, columns: configuration.patchWidth)
        x = Matrix(rows: rows, columns: configuration.width)
        encoder = EncoderScratch(configuration, imageCapacity: imageCapacity, memberCount: memberCount)
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
    /// Input of the last layer's blocks, `[images, width]`.
    var classTokens: Matrix
    /// The input of the linear map at work, rounded for its kernel.
    var rounded: RoundedRows

    init(_ configuration: some EncoderConfiguration, imageCapacity: Int, memberCount: Int) {
        let rows = imageCapacity * configuration.tokenCount
        normalized = Matrix(rows: rows, columns: configuration.width)
        attention = AttentionScratch(configuration, imageCapacity: imageCapacity, memberCount: memberCount)
        hidden = Matrix(rows: rows, columns: configuration.mlpWidth)
        classTokens = Matrix(rows: imageCapacity, columns: configuration.width)
        rounded = RoundedRows(
            rowCapacity: rows,
            depthCapacity: configuration.largestInputWidth,
            memberCapacity: memberCount)
    }
}

/// Activations inside an attention block.
package struct AttentionScratch: ~Copyable {
    /// Queries, keys and values side by side, `[images · tokens, 3 · width]`.
    var queryKeyValue: Matrix
    /// Queries of the class tokens alone, `[images, width]`.
    var classQueries: Matrix
    /// Scores and packed factors, a part for each member of the team.
    var workspace: AttentionWorkspace
    /// Weighted values of all heads side by side, `[images · tokens, width]`.
    var context: Matrix

    init(_ configuration: some EncoderConfiguration, imageCapacity: Int, memberCount: Int) {
        let tokens = configuration.tokenCount
        let rows = imageCapacity * tokens
        queryKeyValue = Matrix(rows: rows, columns: 3 * configuration.width)
        classQueries = Matrix(rows: imageCapacity, columns: configuration.width)
        workspace = AttentionWorkspace(
            AttentionShape(tokenCount: tokens, queryCount: tokens, headCount: configuration.headCount),
            headWidth: configuration.width / configuration.headCount, memberCount: memberCount)
        context = Matrix(rows: rows, columns: configuration.width)
    }
}
