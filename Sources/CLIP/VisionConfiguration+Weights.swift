// SPDX-License-Identifier: MIT
package import Checkpoints
internal import Tensors

extension VisionConfiguration {
    /// Reads the dimensions off the shapes of the tensors; nothing else in a file could contradict them.
    ///
    /// Shapes do not tell the number of heads and the activation, which come from the file's metadata.
    ///
    /// - Throws: ``WeightError`` naming the first tensor that is missing or cannot belong to a CLIP vision tower.
    package init(of file: SafetensorsFile) throws(WeightError) {
        let embeddings = "vision_model.embeddings"
        let patch = try file.shape(of: "\(embeddings).patch_embedding.weight", rank: 4)
        let positions = try file.shape(of: "\(embeddings).position_embedding.weight", rank: 2)
        let mlp = try file.shape(of: "vision_model.encoder.layers.0.mlp.fc1.weight", rank: 2)
        let projection = try file.shape(of: "visual_projection.weight", rank: 2)
        let metadata = file.metadata
        let grid = Int(Double(max(positions[0] - 1, 0)).squareRoot().rounded())
        let headCount = metadata["vision_heads"].flatMap(Int.init) ?? patch[0] / 64

        guard patch[1] == Self.channelCount, patch[2] == patch[3], patch[2] > 0, grid > 0,
            grid * grid + 1 == positions[0]
        else {
            throw .unsupportedModel(
                "patches \(patch) with \(positions[0]) positions are not a square image of RGB patches")
        }
        guard patch[0] > 0, headCount > 0, patch[0] % headCount == 0
        else { throw .unsupportedModel("\(headCount) attention heads do not divide a width of \(patch[0])") }
        let name = metadata["activation"] ?? Activation.quickGELU.rawValue
        guard let activation = Activation(rawValue: name)
        else { throw .unsupportedModel("activation '\(name)' is none of quick_gelu, gelu") }

        self.init(
            imageSize: grid * patch[2], patchSize: patch[2], width: patch[0], headCount: headCount,
            layerCount: Self.layerCount(of: file), mlpWidth: mlp[0], projectionDimension: projection[0],
            activation: activation)
    }

    private static func layerCount(of file: SafetensorsFile) -> Int {
        var count = 0
        while file.contains("vision_model.encoder.layers.\(count).layer_norm1.weight") { count += 1 }
        return count
    }

    /// Words of all tensors of the tower, for the arena; `roundings` is empty in single precision.
    func wordCounts(_ plan: ArithmeticPlan, _ roundings: [LayerRounding]) -> [Int] {
        let ends = [
            Self.words(width, patchWidth, plan.ends), Self.words(projectionDimension, width, plan.ends),
            tokenCount * width,
        ]
        let layers = (0..<layerCount).flatMap { index in
            layerWordCounts(plan, sharpHeads: roundings.isEmpty ? [] : roundings[index].sharpHeads)
        }
        return ends + Array(repeating: width, count: 5) + layers
    }

    private func layerWordCounts(_ plan: ArithmeticPlan, sharpHeads: [Int]) -> [Int] {
        let maps: [(outputs: Int, inputs: Int, kernel: ProductKernel?)] =
            MultiHeadAttention.projectionMaps(self, plan, sharpHeads: sharpHeads) + [
                (width, width, plan.encoder), (mlpWidth, width, plan.encoder),
                (width, mlpWidth, plan.encoder),
            ]
        return maps.flatMap { [Self.words($0.outputs, $0.inputs, $0.kernel), $0.outputs] }
            // Four vectors of LayerNorm, and in 8 bits factors of the attention's inputs and of the hidden layer.
            + Array(repeating: width, count: 5) + [mlpWidth]
    }

    /// Words of the weights of a linear map.
    private static func words(_ outputs: Int, _ inputs: Int, _ kernel: ProductKernel?) -> Int {
        guard let kernel else { return outputs * inputs }
        return PackedMatrix.wordCount(rows: outputs, columns: inputs, format: kernel.format)
    }
}

extension SafetensorsFile {
    /// The shape of the tensor `name`, which must have `rank` dimensions.
    func shape(of name: String, rank: Int) throws(WeightError) -> [Int] {
        guard let description = tensors.first(where: { $0.name == name }) else {
            throw .missing(tensor: name)
        }
        guard description.shape.count == rank
        else {
            throw .unexpectedShape(tensor: name, expected: "\(rank) dimensions", found: description.shape)
        }
        return description.shape
    }
}
