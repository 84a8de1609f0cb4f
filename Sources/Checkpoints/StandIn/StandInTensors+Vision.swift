// SPDX-License-Identifier: MIT

extension StandInTensors {
    /// The image tower and its projection.
    var vision: [StandInTensor] {
        let tower = dimensions.vision
        let habits = StandInHabits(profile: profile, width: tower.width)
        let projection = StandInBands(look: 1, place: 0.03)
        let rows = [Float](repeating: 1 / Float(tower.width).squareRoot(), count: dimensions.embeddingWidth)
        return visionEmbeddings
            + layerNorm("vision_model.pre_layrnorm", width: tower.width, bias: habits.loudRow)
            + layers("vision_model", tower, .vision)
            + layerNorm("vision_model.post_layernorm", width: tower.width)
            + [matrix("visual_projection.weight", rows: rows, columns: projection.channels(tower.width))]
    }

    private var visionEmbeddings: [StandInTensor] {
        let name = "vision_model.embeddings"
        let (width, patch) = (dimensions.vision.width, dimensions.patchSize)
        let filters = StandInPatchFilters(
            width: width, patchSize: patch, coefficients: normals("\(name).patch_embedding mixtures"))
        let positions = StandInPositions(
            width: width, gridSide: dimensions.gridSide, coefficients: normals("\(name).position surfaces"))
        let filterNoise = 0.3125 / Float(patch)
        return [
            vector("\(name).class_embedding", StandInBands(look: 0.02, place: 1).channels(width)),
            StandInTensor(
                name: "\(name).patch_embedding.weight", shape: [width, 3, patch, patch],
                columnDeviation: [Float](repeating: filterNoise, count: 3 * patch * patch),
                rowDeviation: { $0 < StandInBands.lookCount(width: width) ? 1 : 0.125 },
                baseRow: filters.filter),
            StandInTensor(
                name: "\(name).position_embedding.weight",
                shape: [dimensions.gridSide * dimensions.gridSide + 1, width],
                columnDeviation: StandInBands(look: 0.02, place: 0.4).channels(width), baseRow: positions.row),
        ]
    }
}
