// SPDX-License-Identifier: MIT

/// Sizes of a stand-in model.
package struct StandInDimensions: Sendable, Equatable {
    /// Sizes of one transformer.
    package struct Tower: Sendable, Equatable {
        package let width: Int
        package let layerCount: Int
        package let headCount: Int
        package let mlpWidth: Int

        package init(width: Int, layerCount: Int, headCount: Int, mlpWidth: Int) {
            self.width = width
            self.layerCount = layerCount
            self.headCount = headCount
            self.mlpWidth = mlpWidth
        }
    }

    package let vision: Tower
    /// Pixels; a multiple of 4.
    package let patchSize: Int
    /// Patches along one side of the picture, at least 2.
    package let gridSide: Int
    package let text: Tower
    package let vocabularySize: Int
    package let contextLength: Int
    package let embeddingWidth: Int

    package init(
        vision: Tower, patchSize: Int, gridSide: Int, text: Tower, vocabularySize: Int, contextLength: Int,
        embeddingWidth: Int
    ) {
        precondition(
            patchSize % 4 == 0 && gridSide >= 2, "patches of \(patchSize) pixels, \(gridSide) a side")
        self.vision = vision
        self.patchSize = patchSize
        self.gridSide = gridSide
        self.text = text
        self.vocabularySize = vocabularySize
        self.contextLength = contextLength
        self.embeddingWidth = embeddingWidth
    }

    /// CLIP ViT-B/32: 151,277,313 parameters.
    package static let vitB32 = StandInDimensions(
        vision: Tower(width: 768, layerCount: 12, headCount: 12, mlpWidth: 3072), patchSize: 32, gridSide: 7,
        text: Tower(width: 512, layerCount: 12, headCount: 8, mlpWidth: 2048), vocabularySize: 49_408,
        contextLength: 77, embeddingWidth: 512)
}
