// SPDX-License-Identifier: MIT

/// What both towers have in common: the names and shapes of their encoder layers.
enum TowerShapes {
    /// The shape of a tensor that must exist, with a given number of dimensions, none of them zero.
    static func require(
        _ name: String, _ rank: Int, _ shapes: [String: [Int]]
    ) throws(CheckpointError) -> [Int] {
        guard let shape = shapes[name] else { throw .tensorMissing(name: name) }
        guard shape.count == rank, shape.allSatisfy({ (1...1 << 24).contains($0) }) else {
            throw .shapeMismatch(tensor: name, expected: [Int](repeating: 1, count: rank), found: shape)
        }
        return shape
    }

    /// Number of layers without a gap, from layer 0.
    static func layerCount(_ tower: String, _ shapes: [String: [Int]]) -> Int {
        var count = 0
        while shapes["\(tower).encoder.layers.\(count).mlp.fc1.weight"] != nil { count += 1 }
        return count
    }

    static func addLayers(
        _ tower: String, _ layerCount: Int, width: Int, mlpWidth: Int, to shapes: inout [String: [Int]]
    ) {
        for layer in 0..<layerCount {
            let prefix = "\(tower).encoder.layers.\(layer)"
            for map in ["q_proj", "k_proj", "v_proj", "out_proj"] {
                shapes["\(prefix).self_attn.\(map).weight"] = [width, width]
                shapes["\(prefix).self_attn.\(map).bias"] = [width]
            }
            for norm in ["layer_norm1", "layer_norm2"] {
                shapes["\(prefix).\(norm).weight"] = [width]
                shapes["\(prefix).\(norm).bias"] = [width]
            }
            shapes["\(prefix).mlp.fc1.weight"] = [mlpWidth, width]
            shapes["\(prefix).mlp.fc1.bias"] = [mlpWidth]
            shapes["\(prefix).mlp.fc2.weight"] = [width, mlpWidth]
            shapes["\(prefix).mlp.fc2.bias"] = [width]
        }
    }
}
