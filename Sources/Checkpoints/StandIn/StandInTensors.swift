// SPDX-License-Identifier: MIT

/// Builds the tensors of both towers, names and shapes as Hugging Face publishes them.
struct StandInTensors: Sendable {
    let dimensions: StandInDimensions
    let profile: StandInProfile
    let seed: UInt64

    /// All tensors, in ascending order of their names' bytes.
    var all: [StandInTensor] {
        (vision + text + [constant("logit_scale", shape: [], 4.605_170_2)])
            .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    func normals(_ name: String) -> CounterNormals { CounterNormals(seed: seed, name: name) }

    func vector(_ name: String, _ deviation: [Float], base: [Float] = []) -> StandInTensor {
        StandInTensor(
            name: name, shape: [deviation.count], columnDeviation: deviation, baseRow: { _ in base })
    }

    /// A linear map, `[rows.count, columns.count]`; each value's deviation is the product of the two.
    func matrix(_ name: String, rows: [Float], columns: [Float]) -> StandInTensor {
        StandInTensor(
            name: name, shape: [rows.count, columns.count], columnDeviation: columns,
            rowDeviation: { rows[$0] })
    }

    func constant(_ name: String, shape: [Int], _ value: Float) -> StandInTensor {
        StandInTensor(name: name, shape: shape, columnDeviation: [0], baseRow: { _ in [value] })
    }

    /// Gain and bias of a LayerNorm.
    func layerNorm(_ name: String, width: Int, bias: [Float] = []) -> [StandInTensor] {
        let habits = StandInHabits(profile: profile, width: width)
        let spread = [Float](repeating: habits.gainDeviation, count: width)
        return [
            vector("\(name).weight", spread, base: habits.gains(normals("\(name).weight octaves"))),
            vector("\(name).bias", [Float](repeating: 0.02, count: width), base: bias),
        ]
    }

    /// The encoder layers of a tower.
    func layers(_ name: String, _ tower: StandInDimensions.Tower, _ gains: StandInLayerGains)
        -> [StandInTensor]
    {
        (0..<tower.layerCount).flatMap { index in
            let prefix = "\(name).encoder.layers.\(index)"
            return attention("\(prefix).self_attn", tower, gains) + mlp("\(prefix).mlp", tower, gains)
                + layerNorm("\(prefix).layer_norm1", width: tower.width)
                + layerNorm("\(prefix).layer_norm2", width: tower.width)
        }
    }

    private func attention(
        _ name: String, _ tower: StandInDimensions.Tower, _ gains: StandInLayerGains
    ) -> [StandInTensor] {
        let width = tower.width
        let unit = 1 / Float(width).squareRoot()
        let habits = StandInHabits(profile: profile, width: width)
        let sharpness = (0..<width).map { habits.sharpness(head: $0 * tower.headCount / width) }
        let even = [Float](repeating: 1, count: width)
        return [
            matrix(
                "\(name).q_proj.weight", rows: sharpness, columns: gains.query.channels(width, times: unit)),
            matrix("\(name).k_proj.weight", rows: sharpness, columns: gains.key.channels(width, times: unit)),
            matrix("\(name).v_proj.weight", rows: even, columns: gains.value.channels(width, times: unit)),
            matrix(
                "\(name).out_proj.weight", rows: gains.output.channels(width),
                columns: [Float](repeating: unit, count: width)),
        ] + ["q_proj", "k_proj", "v_proj", "out_proj"].map { bias("\(name).\($0)", width) }
    }

    private func mlp(
        _ name: String, _ tower: StandInDimensions.Tower, _ gains: StandInLayerGains
    ) -> [StandInTensor] {
        let (width, hidden) = (tower.width, tower.mlpWidth)
        let hiddenUnit = 1 / Float(hidden).squareRoot()
        return [
            matrix(
                "\(name).fc1.weight", rows: [Float](repeating: 1, count: hidden),
                columns: gains.hidden.channels(width, times: 1 / Float(width).squareRoot())),
            bias("\(name).fc1", hidden),
            matrix(
                "\(name).fc2.weight", rows: gains.mlpOutput.channels(width),
                columns: [Float](repeating: hiddenUnit, count: hidden)),
            bias("\(name).fc2", width),
        ]
    }

    private func bias(_ name: String, _ width: Int) -> StandInTensor {
        vector("\(name).bias", [Float](repeating: 0.05, count: width))
    }
}
