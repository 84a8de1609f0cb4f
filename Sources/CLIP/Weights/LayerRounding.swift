// SPDX-License-Identifier: MIT
internal import Checkpoints
internal import Tensors

/// How the activations of an encoder layer are rounded, decided from its weights when a model is loaded.
struct LayerRounding: Sendable {
    /// Heads whose queries and keys are rounded less than everything else, in order.
    let sharpHeads: [Int]
    /// Scales of the channels, in 8 bits.
    let scales: LayerScales?

    /// - Complexity: O(weights of the layer), once.
    init(_ sources: LayerTensors, headCount: Int, precision: Precision) {
        let queries = Self.statistics(sources.query, sources, headCount)
        let keys = Self.statistics(sources.key, sources, headCount)
        let sharp = HeadSharpness(queries: queries, keys: keys, headCount: headCount).sharpHeads
        sharpHeads = sharp
        scales =
            precision == .int8
            ? LayerScales(sources, queries: queries, keys: keys, sharpHeads: sharp, headCount: headCount)
            : nil
    }

    private static func statistics(
        _ map: LayerTensors.Map, _ sources: LayerTensors, _ headCount: Int
    ) -> MapStatistics {
        MapStatistics(map.weight, bias: map.bias, after: sources.norm1, groupCount: headCount)
    }

    /// The rounding of the layers `path.0`, `path.1`… for a precision; nothing in single precision.
    static func decide(
        for layerCount: Int, of file: SafetensorsFile, at path: String,
        _ configuration: some EncoderConfiguration, _ precision: Precision, team: ThreadTeam
    ) throws(WeightError) -> [LayerRounding] {
        guard precision != .fp32 else { return [] }
        var layers: [LayerTensors] = []
        for index in 0..<layerCount {
            layers.append(try LayerTensors(file, at: "\(path).\(index)", configuration))
        }
        let headCount = configuration.headCount
        return team.map(layerCount) { [layers] index in
            LayerRounding(layers[index], headCount: headCount, precision: precision)
        }
    }
}
