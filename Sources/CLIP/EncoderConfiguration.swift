// SPDX-License-Identifier: MIT
internal import Tensors

/// What an encoder layer needs to know of its tower.
protocol EncoderConfiguration {
    /// Width of the residual stream.
    var width: Int { get }
    /// Attention heads; divides `width`.
    var headCount: Int { get }
    /// Width of the MLP's hidden layer.
    var mlpWidth: Int { get }
    /// Tokens of one image, or of the longest text.
    var tokenCount: Int { get }
    /// The MLP's nonlinearity.
    var activation: Activation { get }
    /// Inputs of the widest linear map.
    var largestInputWidth: Int { get }
}

extension VisionConfiguration: EncoderConfiguration {
    var largestInputWidth: Int { max(width, mlpWidth, patchWidth) }
}

extension TextConfiguration: EncoderConfiguration {
    var tokenCount: Int { contextLength }
    var largestInputWidth: Int { max(width, mlpWidth) }
}
