// SPDX-License-Identifier: MIT
package import Tensors

/// All activations of one text, made once for a worker; 2.5 MB for ViT-B/32.
package struct TextScratch: ~Copyable {
    /// Residual stream, `[tokens, width]`; package access is for the stage tests.
    package var x: Matrix
    /// Activations inside an encoder layer.
    var encoder: EncoderScratch
    /// The last token after the last layer, `[1, width]`.
    var pooled: Matrix

    /// Allocates for the longest text, computed by a team of `memberCount` threads.
    package init(_ configuration: TextConfiguration, memberCount: Int) {
        x = Matrix(rows: configuration.contextLength, columns: configuration.width)
        encoder = EncoderScratch(configuration, imageCapacity: 1, memberCount: memberCount)
        pooled = Matrix(rows: 1, columns: configuration.width)
    }
}
