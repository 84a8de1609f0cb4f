// SPDX-License-Identifier: MIT

extension StandInTensors {
    /// The text tower and its projection: healthy, without meaning.
    var text: [StandInTensor] {
        let tower = dimensions.text
        let loud = StandInHabits(profile: profile, width: tower.width).loudRow
        let rows = [Float](repeating: 1 / Float(tower.width).squareRoot(), count: dimensions.embeddingWidth)
        let even = [Float](repeating: 1, count: tower.width)
        let name = "text_model.embeddings"
        return [
            matrix(
                "\(name).token_embedding.weight",
                rows: [Float](repeating: 0.5, count: dimensions.vocabularySize),
                columns: even),
            StandInTensor(
                name: "\(name).position_embedding.weight", shape: [dimensions.contextLength, tower.width],
                columnDeviation: even, rowDeviation: { _ in 0.15 }, baseRow: { _ in loud }),
            matrix("text_projection.weight", rows: rows, columns: even),
        ] + layers("text_model", tower, .text) + layerNorm("text_model.final_layer_norm", width: tower.width)
    }
}
