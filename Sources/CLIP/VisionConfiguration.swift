// SPDX-License-Identifier: MIT
package import Tensors

/// Dimensions of a CLIP vision tower; a value that every layer is checked against.
public struct VisionConfiguration: Sendable, Equatable {
    /// Width and height of the input in pixels.
    public let imageSize: Int
    /// Width and height of a patch in pixels; divides `imageSize`.
    public let patchSize: Int
    /// Width of the residual stream.
    public let width: Int
    /// Attention heads; divides `width`.
    public let headCount: Int
    /// Encoder layers.
    public let layerCount: Int
    /// Width of the MLP's hidden layer.
    public let mlpWidth: Int
    /// Dimension of the embedding.
    public let projectionDimension: Int
    /// The MLP's nonlinearity.
    package let activation: Activation

    /// Colour channels; CLIP sees RGB.
    public static let channelCount = 3
    /// ε of every LayerNorm.
    static let layerNormEpsilon: Float = 1e-5

    /// Patches along one side.
    public var gridSize: Int { imageSize / patchSize }
    /// Tokens of one image: the class token and the patches.
    public var tokenCount: Int { gridSize * gridSize + 1 }

    /// Numbers in one patch: all channels of its pixels.
    var patchWidth: Int { Self.channelCount * patchSize * patchSize }

    package init(
        imageSize: Int, patchSize: Int, width: Int, headCount: Int, layerCount: Int, mlpWidth: Int,
        projectionDimension: Int, activation: Activation
    ) {
        self.imageSize = imageSize
        self.patchSize = patchSize
        self.width = width
        self.headCount = headCount
        self.layerCount = layerCount
        self.mlpWidth = mlpWidth
        self.projectionDimension = projectionDimension
        self.activation = activation
    }

    /// The model this product is built around.
    package static let vitB32 = VisionConfiguration(
        imageSize: 224, patchSize: 32, width: 768, headCount: 12, layerCount: 12, mlpWidth: 3072,
        projectionDimension: 512, activation: .quickGELU)

    /// Multiplications and additions of one image's linear maps and attention products, times two.
    ///
    /// 8.8 · 10⁹ for ViT-B/32; what GFLOP/s are counted from.
    package var floatingPointOperations: Double {
        let tokens = Double(tokenCount)
        let width = Double(width)
        let layer = tokens * width * (4 * width + 2 * Double(mlpWidth)) + 2 * tokens * tokens * width
        return 2
            * ((tokens - 1) * Double(patchWidth) * width + Double(layerCount) * layer + width
                * Double(projectionDimension))
    }
}
