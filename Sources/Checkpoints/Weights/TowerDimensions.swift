// SPDX-License-Identifier: MIT

/// Sizes of the image tower, read from the shapes of its tensors.
package struct VisionDimensions: Sendable, Equatable {
    package let width: Int
    package let layerCount: Int
    package let mlpWidth: Int
    package let patchSize: Int
    /// Patches along one edge: 7 for ViT-B/32.
    package let gridSize: Int
    package let embeddingWidth: Int

    /// Edge of the input image in pixels.
    package var imageSize: Int { gridSize * patchSize }
    /// Patches and the class token.
    package var tokenCount: Int { gridSize * gridSize + 1 }

    /// Reads the sizes from `shapes`, by Hugging Face names.
    package init(_ shapes: [String: [Int]]) throws(CheckpointError) {
        let patch = try TowerShapes.require("vision_model.embeddings.patch_embedding.weight", 4, shapes)
        let positions = try TowerShapes.require(
            "vision_model.embeddings.position_embedding.weight", 2, shapes)
        let projection = try TowerShapes.require("visual_projection.weight", 2, shapes)
        let fc1 = try TowerShapes.require("vision_model.encoder.layers.0.mlp.fc1.weight", 2, shapes)
        width = patch[0]
        patchSize = patch[2]
        mlpWidth = fc1[0]
        embeddingWidth = projection[0]
        layerCount = TowerShapes.layerCount("vision_model", shapes)
        let grid = Int(Double(max(positions[0] - 1, 0)).squareRoot())
        gridSize = grid
        guard grid > 0, grid <= 1 << 12, grid * grid + 1 == positions[0] else {
            throw .shapeMismatch(
                tensor: "vision_model.embeddings.position_embedding.weight",
                expected: [max(grid, 1) * max(grid, 1) + 1, width], found: positions)
        }
    }

    /// All tensors of the tower with their shapes.
    package var expectedShapes: [String: [Int]] {
        var shapes: [String: [Int]] = [
            "vision_model.embeddings.class_embedding": [width],
            "vision_model.embeddings.patch_embedding.weight": [width, 3, patchSize, patchSize],
            "vision_model.embeddings.position_embedding.weight": [tokenCount, width],
            "visual_projection.weight": [embeddingWidth, width],
        ]
        for norm in ["pre_layrnorm", "post_layernorm"] {
            shapes["vision_model.\(norm).weight"] = [width]
            shapes["vision_model.\(norm).bias"] = [width]
        }
        TowerShapes.addLayers("vision_model", layerCount, width: width, mlpWidth: mlpWidth, to: &shapes)
        return shapes
    }
}

/// Sizes of the text tower, read from the shapes of its tensors.
package struct TextDimensions: Sendable, Equatable {
    package let width: Int
    package let layerCount: Int
    package let mlpWidth: Int
    package let vocabularySize: Int
    package let contextLength: Int
    package let embeddingWidth: Int

    /// Reads the sizes from `shapes`, by Hugging Face names; nil without a text tower.
    package init?(_ shapes: [String: [Int]]) throws(CheckpointError) {
        let names = shapes.keys
        guard names.contains(where: { $0.hasPrefix("text_model.") || $0.hasPrefix("text_projection.") })
        else {
            return nil
        }
        let tokens = try TowerShapes.require("text_model.embeddings.token_embedding.weight", 2, shapes)
        let positions = try TowerShapes.require("text_model.embeddings.position_embedding.weight", 2, shapes)
        let projection = try TowerShapes.require("text_projection.weight", 2, shapes)
        let fc1 = try TowerShapes.require("text_model.encoder.layers.0.mlp.fc1.weight", 2, shapes)
        width = tokens[1]
        vocabularySize = tokens[0]
        contextLength = positions[0]
        mlpWidth = fc1[0]
        embeddingWidth = projection[0]
        layerCount = TowerShapes.layerCount("text_model", shapes)
    }

    /// All tensors of the tower with their shapes.
    package var expectedShapes: [String: [Int]] {
        var shapes: [String: [Int]] = [
            "text_model.embeddings.token_embedding.weight": [vocabularySize, width],
            "text_model.embeddings.position_embedding.weight": [contextLength, width],
            "text_model.final_layer_norm.weight": [width],
            "text_model.final_layer_norm.bias": [width],
            "text_projection.weight": [embeddingWidth, width],
        ]
        TowerShapes.addLayers("text_model", layerCount, width: width, mlpWidth: mlpWidth, to: &shapes)
        return shapes
    }
}
