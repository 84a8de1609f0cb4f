// SPDX-License-Identifier: MIT

/// Sizes of both towers, read from and checked against the shapes of all tensors.
package struct ModelDimensions: Sendable, Equatable {
    package let vision: VisionDimensions
    /// Nil for a file with the image tower alone.
    package let text: TextDimensions?

    /// - Parameter shapes: Every tensor of a model by Hugging Face name, without the tokenizer's.
    /// - Throws: ``CheckpointError`` naming the first tensor that is missing, superfluous or of
    ///   another shape than the others demand.
    package init(_ shapes: [String: [Int]]) throws(CheckpointError) {
        vision = try VisionDimensions(shapes)
        text = try TextDimensions(shapes)
        let expected = vision.expectedShapes.merging(text?.expectedShapes ?? [:]) { first, _ in first }
        for (name, shape) in expected.sorted(by: { $0.key < $1.key }) {
            guard let found = shapes[name] else { throw .tensorMissing(name: name) }
            guard found == shape else { throw .shapeMismatch(tensor: name, expected: shape, found: found) }
        }
        if let surplus = shapes.keys.filter({ expected[$0] == nil }).min() {
            throw .tensorUnexpected(name: surplus)
        }
        if let text, text.embeddingWidth != vision.embeddingWidth {
            throw .shapeMismatch(
                tensor: "text_projection.weight", expected: [vision.embeddingWidth, text.width],
                found: [text.embeddingWidth, text.width])
        }
    }

    /// Usual name of the architecture, for people.
    package var modelName: String {
        let sizes = ["S": (384, 12), "B": (768, 12), "L": (1024, 24), "H": (1280, 32)]
        let letter = sizes.first { $0.value == (vision.width, vision.layerCount) }?.key
        let name = letter ?? "\(vision.width)x\(vision.layerCount)"
        return "clip-ViT-\(name)-\(vision.patchSize)"
    }
}
