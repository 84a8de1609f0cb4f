// SPDX-License-Identifier: MIT

/// What a conversion found and wrote.
package struct ConversionReport: Sendable, Equatable {
    package let layout: CheckpointLayout
    package let dimensions: ModelDimensions
    package let metadata: WeightsMetadata
    package let tensorCount: Int
    /// Names of the tensors that half precision could not hold exactly.
    package let singlePrecisionTensors: [String]
    package let hasVocabulary: Bool
    /// Whether the activation was assumed because nothing in the source states it.
    package let isActivationAssumed: Bool
}
